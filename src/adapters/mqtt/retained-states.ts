import type { Connection } from './connection.js';
import { type Asking, sendUntilAccepted } from './send-again.js';
import type { Outgoing } from './send-queue.js';

/** How a process reports its availability: on which topic, and the name of this run (see duplicate-client.ts). */
type Presence = { readonly availabilityTopic: string; readonly instance: string };

/** What is to be retained; an empty payload is to be removed. */
type State = {
  readonly payload: string;
  readonly accepted?: () => void;
  /** the connection on which it was sent and is not accepted yet */
  sending?: Connection | undefined;
};

/** The newest state of each topic, published again on every connection so that it is the one that stays retained. */
export function createRetainedStates({ availabilityTopic, instance }: Presence, asking: Asking) {
  const states = new Map<string, State>();
  const offline = { topic: availabilityTopic, payload: 'offline', retain: true, instance };
  const online: State = { payload: 'online' };

  /** Does nothing if the broker has still to accept it: what is new would have to wait for many answers. */
  function send(
    state: State,
    message: Omit<Outgoing, 'answered'>,
    { wanted, accepted }: { wanted(): boolean; accepted(): void },
  ): void {
    const { connection } = asking.current;
    if (connection === undefined || state.sending === connection) return;
    state.sending = connection;
    const done = () => {
      state.sending = undefined;
      accepted();
    };
    sendUntilAccepted(() => ({ ...message, payload: state.payload, newest: true }), { wanted, accepted: done }, asking);
  }

  function sendState(topic: string, state: State): void {
    const wanted = () => states.get(topic) === state;
    const accepted = () => wanted() && state.accepted?.();
    send(state, { topic, payload: state.payload, retain: true }, { wanted, accepted });
  }

  function set(topic: string, state: State): void {
    states.set(topic, state);
    sendState(topic, state);
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
    /**
     * Publishes every state again, then `online`, unless they still wait to be accepted; calls the listener when the broker has
     * accepted the `online` that this call has sent.
     */
    republish(accepted: () => void = () => undefined): void {
      for (const [topic, state] of states) sendState(topic, state);
      send(online, offline, { wanted: () => true, accepted });
    },
    /** Publishes `offline`; resolves when the broker has answered. */
    publishOffline: () =>
      new Promise<void>((resolve) => asking.current.connection?.send({ ...offline, answered: () => resolve() })),
  };
}
