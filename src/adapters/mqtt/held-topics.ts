import { monotonicSeconds } from '../../async/clock.js';
import { backoffSeconds } from '../../domain/backoff.js';
import type { ConnectionEnd } from './connection.js';

/** A topic is held back after this many connections in a row that sent one message at a time and ended at the same one. */
const endsToHold = 2;
/** A message with QoS 0 that is larger may be too large: see picture-limit.ts. */
const smallBytes = 16 * 1024;
/** A connection that lasted longer did not end because of a message that the broker does not allow. */
const shortSeconds = 10;
const pauses = { floorSeconds: 60, ceilingSeconds: 600, jitter: 0.5 };

/**
 * The topics that are not used for a while. Some brokers refuse a message or a subscription by ending the connection, others
 * never answer it, and so it would go on for ever: the oldest message without an answer is then the cause, and the other topics
 * must not suffer.
 * @param now seconds of a clock that is never set
 */
export function createHeldTopics(now: () => number = monotonicSeconds) {
  const held = new Map<string, { readonly until: number; readonly times: number }>();
  let suspect: { readonly topic: string; readonly ends: number } | undefined;
  return {
    /** Takes note of a connection that ended. */
    ended({ opened, openSeconds, silent, oneByOne, unanswered: [first] }: ConnectionEnd): void {
      if (!opened) return;
      const aboutMessage = first !== undefined && (openSeconds < shortSeconds || silent);
      if (!aboutMessage || (first.once && first.bytes > smallBytes)) return void (suspect = undefined);
      const { topic } = first;
      suspect = { topic, ends: !oneByOne ? 0 : suspect?.topic === topic ? suspect.ends + 1 : 1 };
      if (suspect.ends < endsToHold) return;
      const times = (held.get(topic)?.times ?? 0) + 1;
      held.set(topic, { until: now() + backoffSeconds(times, pauses, Math.random()), times });
      suspect = undefined;
    },
    /** True if the next connection should send one message at a time, to find the one at which it ends. */
    get searching() {
      return suspect !== undefined;
    },
    /** Why a topic is not used now; undefined if it is. */
    refuse(topic: string): string | undefined {
      const hold = held.get(topic);
      return hold === undefined || hold.until <= now() ? undefined : 'it ends the connection or does not answer';
    },
    /** To be called when the broker has accepted a message of the topic. */
    accepted: (topic: string) => void held.delete(topic),
  };
}

/** The topics held back at one broker. */
export type HeldTopics = ReturnType<typeof createHeldTopics>;
