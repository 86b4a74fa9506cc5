import { pause } from '../../async/pause.js';
import { backoffSeconds } from '../../domain/backoff.js';
import { topicMatches } from '../../domain/contract/topic-filter.js';
import type { Log } from '../../domain/log.js';
import type { Incoming } from './connection.js';
import { type Asking, askUntilAccepted } from './send-again.js';
import { subscriptionTo } from './send-queue.js';

/** Handles one message; it is called again if it rejects. */
export type Handle = (message: Incoming) => Promise<void>;

const handlePauses = { floorSeconds: 1, ceilingSeconds: 30, jitter: 0.5 };

/** What the process is subscribed to, on this and all later connections. */
export function createSubscriptions(asking: Asking, log: Pick<Log, 'error'>) {
  const { current, signal } = asking;
  const handlers = new Map<string, Handle>();
  const running = new Set<Promise<void>>();

  function subscribe(filter: string): void {
    const ask = (answered: (refusal: string | undefined) => void) => current.connection?.subscribe(filter, answered);
    askUntilAccepted({ topic: subscriptionTo(filter), ask, wanted: () => true }, asking);
  }

  async function handleUntilDone(handle: Handle, message: Incoming): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        return await handle(message);
      } catch (err) {
        log.error({ err, topic: message.topic, attempt }, 'a message could not be handled; trying again');
        await pause(backoffSeconds(attempt, handlePauses, Math.random()), signal);
      }
    }
  }

  return {
    add(filter: string, handle: Handle): void {
      handlers.set(filter, handle);
      subscribe(filter);
    },
    /** Subscribes to everything on a new connection. */
    subscribeAll(): void {
      for (const filter of handlers.keys()) subscribe(filter);
    },
    /** Resolves when no handler runs; once `signal` is aborted, none begins. */
    async idle(): Promise<void> {
      await Promise.allSettled([...running]);
    },
    /** Resolves when every handler of the topic has handled the message, and never once `signal` is aborted. */
    async handle(message: Incoming): Promise<void> {
      for (const [filter, handle] of handlers) {
        if (!topicMatches(filter, message.topic)) continue;
        const handled = handleUntilDone(handle, message);
        running.add(handled);
        await handled.finally(() => running.delete(handled));
      }
      // Without an acknowledgement the broker sends it again after the next start.
      if (signal.aborted) await new Promise(() => undefined);
    },
  };
}
