import type { BrokerHealth } from './broker-health.js';
import type { Current } from './current.js';

/** How a process reports its availability: on which topic, and the name of this run (see duplicate-client.ts). */
type Presence = { readonly availabilityTopic: string; readonly instance: string };

/** The newest state of each topic, published again on every connection so that it is the one that stays retained. */
export function createRetainedStates(
  current: Current,
  { availabilityTopic, instance }: Presence,
  health: BrokerHealth,
) {
  const states = new Map<string, string>();

  function send(topic: string, payload: string): void {
    const answered = (refusal: string | undefined) => {
      if (refusal !== undefined) health.messageRefused(topic, refusal);
    };
    current.connection?.send({ topic, payload, retain: true, answered });
  }

  function publishAvailability(payload: 'online' | 'offline', answered: () => void): void {
    current.connection?.send({ topic: availabilityTopic, payload, retain: true, instance, answered });
  }

  return {
    publish(topic: string, payload: string): void {
      states.set(topic, payload);
      send(topic, payload);
    },
    /** Publishes every state again, then `online`. */
    republish(): void {
      for (const [topic, payload] of states) send(topic, payload);
      publishAvailability('online', () => undefined);
    },
    /** Publishes `offline`; resolves when the broker has answered. */
    publishOffline: () => new Promise<void>((resolve) => publishAvailability('offline', resolve)),
  };
}
