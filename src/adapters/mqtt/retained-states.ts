import { type Asking, sendUntilAccepted } from './send-again.js';

/** How a process reports its availability: on which topic, and the name of this run (see duplicate-client.ts). */
type Presence = { readonly availabilityTopic: string; readonly instance: string };

/** What is to be retained; an empty payload is to be removed. */
type State = { readonly payload: string; readonly accepted?: () => void };

/** The newest state of each topic, published again on every connection so that it is the one that stays retained. */
export function createRetainedStates({ availabilityTopic, instance }: Presence, asking: Asking) {
  const states = new Map<string, State>();
  const offline = { topic: availabilityTopic, payload: 'offline', retain: true, instance };
  const online = { ...offline, payload: 'online', newest: true };

  function send(topic: string, state: State): void {
    const message = { topic, payload: state.payload, retain: true, newest: true };
    const wanted = () => states.get(topic) === state;
    sendUntilAccepted(() => message, { wanted, accepted: () => wanted() && state.accepted?.() }, asking);
  }

  function set(topic: string, state: State): void {
    states.set(topic, state);
    send(topic, state);
  }

  return {
    publish: (topic: string, payload: string): void => set(topic, { payload }),
    /** Removes a state from the broker; calls the listener when that is done, unless the state was published again meanwhile. */
    remove(topic: string, removed: () => void): void {
      const accepted = () => {
        states.delete(topic);
        removed();
      };
      set(topic, { payload: '', accepted });
    },
    /** Publishes every state again, then `online`; calls the listener when the broker has accepted that. */
    republish(accepted: () => void = () => undefined): void {
      for (const [topic, state] of states) send(topic, state);
      sendUntilAccepted(() => online, { wanted: () => true, accepted }, asking);
    },
    /** Publishes `offline`; resolves when the broker has answered. */
    publishOffline: () =>
      new Promise<void>((resolve) => asking.current.connection?.send({ ...offline, answered: () => resolve() })),
  };
}
