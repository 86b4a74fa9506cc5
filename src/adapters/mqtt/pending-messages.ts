import { monotonicSeconds } from '../../async/clock.js';
import { type Asking, sendUntilAccepted } from './send-again.js';

/** A message that is published once, until the broker has answered. */
type Pending = {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  /** on the monotonic clock, in seconds; undefined for a message that waits as long as it takes */
  readonly deadline: number | undefined;
  readonly settle: (failure: Error | undefined) => void;
};

/** More events than this are not kept while the broker is away; the oldest is dropped first. */
const maxEvents = 256;

/** The messages the broker has not yet acknowledged, in order, through all connections. */
export function createPendingMessages(asking: Asking) {
  const { signal } = asking;
  const pending = new Set<Pending>();

  function send(message: Pending): void {
    const { topic, payload, retain, deadline } = message;
    const outgoing = () => {
      const expirySeconds = deadline && Math.max(1, deadline - monotonicSeconds());
      return { topic, payload, retain, expirySeconds };
    };
    const accepted = () => {
      pending.delete(message);
      message.settle(undefined);
    };
    sendUntilAccepted(outgoing, { wanted: () => pending.has(message), accepted }, asking);
  }

  function dropOldestEvent(): void {
    const events = [...pending].filter(({ deadline }) => deadline !== undefined);
    if (events.length > maxEvents && events[0] !== undefined) pending.delete(events[0]);
  }

  return {
    /** Publishes an event; it is dropped if no connection takes it within `expirySeconds`. */
    publishEvent(topic: string, payload: string, expirySeconds: number): void {
      const deadline = monotonicSeconds() + expirySeconds;
      const event = { topic, payload, retain: false, deadline, settle: () => undefined };
      pending.add(event);
      dropOldestEvent();
      send(event);
    },
    /** Resolves when the broker has the message, through any number of connections; rejects at the end of the client. */
    deliver(topic: string, payload: string, retain: boolean): Promise<void> {
      if (signal.aborted) return Promise.reject(connectionClosed());
      return new Promise((resolve, reject) => {
        const settle = (failure: Error | undefined) => (failure === undefined ? resolve() : reject(failure));
        const message = { topic, payload, retain, deadline: undefined, settle };
        pending.add(message);
        send(message);
      });
    },
    /** Sends all of them on a new connection, except events that are too old by now. */
    sendAll(): void {
      const now = monotonicSeconds();
      for (const message of [...pending]) {
        if (message.deadline !== undefined && message.deadline <= now) pending.delete(message);
        else send(message);
      }
    },
    /** Rejects every delivery that is still pending. */
    close(): void {
      for (const { settle } of pending) settle(connectionClosed());
      pending.clear();
    },
  };
}

function connectionClosed(): Error {
  return new Error('the connection to the broker was closed');
}
