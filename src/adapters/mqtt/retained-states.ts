import { type Asking, sendUntilAccepted } from './send-again.js';

/** How a process reports its availability: on which topic, and the name of this run (see duplicate-client.ts). */
type Presence = { readonly availabilityTopic: string; readonly instance: string };

/** The newest state of each topic, published again on every connection so that it is the one that stays retained. */
export function createRetainedStates({ availabilityTopic, instance }: Presence, asking: Asking) {
  const states = new Map<string, string>();
  const offline = { topic: availabilityTopic, payload: 'offline', retain: true, instance };
  const online = { ...offline, payload: 'online', newest: true };

  function send(topic: string, payload: string): void {
    const message = { topic, payload, retain: true, newest: true };
    sendUntilAccepted(() => message, { wanted: () => states.get(topic) === payload }, asking);
  }

  return {
    publish(topic: string, payload: string): void {
      states.set(topic, payload);
      send(topic, payload);
    },
    /** Publishes every state again, then `online`; calls the listener when the broker has accepted that. */
    republish(accepted: () => void = () => undefined): void {
      for (const [topic, payload] of states) send(topic, payload);
      sendUntilAccepted(() => online, { wanted: () => true, accepted }, asking);
    },
    /** Publishes `offline`; resolves when the broker has answered. */
    publishOffline: () =>
      new Promise<void>((resolve) => asking.current.connection?.send({ ...offline, answered: () => resolve() })),
  };
}
