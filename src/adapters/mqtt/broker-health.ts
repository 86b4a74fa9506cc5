import { wallSeconds } from '../../async/clock.js';
import type { Log } from '../../domain/log.js';

/** How the connection to the broker is: why there is none, or what the broker refuses. Each reason is logged once. */
export type BrokerHealth = ReturnType<typeof createBrokerHealth>;

/** @param host names the broker in the log */
export function createBrokerHealth(host: string, log: Log) {
  let missing: string | undefined = 'not yet connected to the broker';
  let connections = 0;
  /** by topic or filter */
  const refusals = new Map<string, string>();
  let since = wallSeconds();
  const trouble = () => {
    if (missing !== undefined) return missing;
    for (const [topic, refusal] of refusals) return `the broker refuses ${topic}: ${refusal}`;
    return undefined;
  };
  const troubleBegins = () => {
    if (trouble() === undefined) since = wallSeconds();
  };
  return {
    /** for people; undefined when all is well */
    get trouble() {
      return trouble();
    },
    /** when the trouble began, in seconds since the Unix epoch; means nothing when all is well */
    get troubleSince() {
      return since;
    },
    /** number of connections after the first */
    get reconnects() {
      return Math.max(0, connections - 1);
    },
    connected(): void {
      connections += 1;
      missing = undefined;
      refusals.clear();
      log.info({ broker: host }, 'connected to the broker');
    },
    notConnected(reason: string): void {
      if (reason !== missing) log.warn({ broker: host }, `not connected: ${reason}`);
      troubleBegins();
      missing = reason;
    },
    /** Logs once for each topic or filter, until it is accepted. */
    refused(topic: string, refusal: string): void {
      if (!refusals.has(topic))
        log.error({ topic, refused: refusal }, 'the broker refuses a message or subscription; check its access rules');
      troubleBegins();
      refusals.set(topic, refusal);
    },
    accepted(topic: string): void {
      if (refusals.delete(topic)) log.info({ topic }, 'the broker accepts what it had refused');
    },
  };
}
