import type { Outgoing } from './connection.js';

/** A message that is said once and not yet answered for by the broker. */
export type Owed = {
  readonly topic: string;
  readonly payload: string;
  /** what is said once and retained is the end of a retained message: empty */
  readonly retain?: true;
  /** on `performance.now()`'s clock, in seconds; undefined for one that waits as long as it takes */
  readonly deadline: number | undefined;
  readonly settle: (refused: Error | undefined) => void;
};

/** More events than this are not kept for a broker that is away; the oldest goes first. */
const maxEvents = 256;

/** What is owed to the broker, in order, whatever connections come and go. */
export function createOwed() {
  const owed = new Set<Owed>();
  const forget = (message: Owed) => void owed.delete(message);
  return {
    add(message: Owed): Owed {
      owed.add(message);
      if (message.deadline === undefined) return message;
      const events = [...owed].filter(({ deadline }) => deadline !== undefined);
      if (events.length > maxEvents && events[0] !== undefined) forget(events[0]);
      return message;
    },
    forget,
    /** What is to be said on a new connection; what has outlived its time is dropped. */
    due(now: number): Owed[] {
      for (const message of owed) if (message.deadline !== undefined && message.deadline <= now) forget(message);
      return [...owed];
    },
    holds: (message: Owed) => owed.has(message),
    /** Ends all waiting. */
    giveUp(): void {
      for (const { settle } of owed) settle(connectionClosed());
      owed.clear();
    },
  };
}

/** How a message that is owed goes onto the wire. */
export function outgoing(message: Owed, now: number, answered: Outgoing['answered']): Outgoing {
  const { topic, payload, retain = false, deadline } = message;
  return { topic, payload, retain, expirySeconds: deadline && Math.max(1, deadline - now), answered };
}

/** What is owed when the connection is closed for good ends with this. */
export function connectionClosed(): Error {
  return new Error('the connection to the broker was closed');
}
