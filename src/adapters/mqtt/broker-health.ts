import type { Log } from '../../domain/log.js';
import { explain } from './errors.js';

/** How the connection to the broker is: why there is none, or what the broker refuses. Each reason is logged once. */
export type BrokerHealth = ReturnType<typeof createBrokerHealth>;

/** @param host names the broker in the log */
export function createBrokerHealth(host: string, log: Log) {
  let trouble: string | undefined = 'not yet connected to the broker';
  let connections = 0;
  const refusedTopics = new Set<string>();
  return {
    /** for people; undefined when all is well */
    get trouble() {
      return trouble;
    },
    /** number of connections after the first */
    get reconnects() {
      return Math.max(0, connections - 1);
    },
    connected(): void {
      connections += 1;
      trouble = undefined;
      refusedTopics.clear();
      log.info({ broker: host }, 'connected to the broker');
    },
    notConnected(reason: string): void {
      if (reason !== trouble) log.warn({ broker: host }, `not connected: ${reason}`);
      trouble = reason;
    },
    /** Logs once for each topic and connection. */
    messageRefused(topic: string, refused: string): void {
      if (refusedTopics.has(topic)) return;
      refusedTopics.add(topic);
      trouble = `the broker refuses messages on ${topic}: ${refused}`;
      log.error({ topic, refused }, 'the broker refuses a message; check its access rules');
    },
    subscriptionRefused(filter: string, cause: unknown): void {
      trouble = `the broker refuses the subscription to ${filter}`;
      log.error({ filter, cause: explain(cause) }, 'the broker refuses a subscription; check its access rules');
    },
  };
}
