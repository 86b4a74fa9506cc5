import { pause } from '../../async/pause.js';
import { backoffSeconds } from '../../domain/backoff.js';
import type { BrokerHealth } from './broker-health.js';
import { type Connection, type ConnectionEnd, neverOpened } from './connection.js';
import { explain } from './errors.js';

type Needs = {
  /** Opens a connection; may throw, for a certificate that cannot be read. */
  open(): Connection;
  /** Takes note of a connection that ended; tells how certain it is that another client has the same id. */
  ended(end: ConnectionEnd): 'no' | 'suspected' | 'certain';
  readonly health: BrokerHealth;
  /** the broker's */
  readonly host: string;
  /** this process, for messages to people: `detector for kitchen` */
  readonly who: string;
  /** aborted at the end of the client, and by the loop if it fails */
  readonly closing: AbortController;
};

const pauses = { floorSeconds: 1, ceilingSeconds: 30, jitter: 0.5 };
/** After a connection this long the next pause is short again. */
const stableSeconds = 10;

/** Opens one connection after the other, once started, until it is closed or finds another client with its client id. */
export function createConnectionLoop(needs: Needs) {
  let fail: (cause: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let running: Promise<void> | undefined;
  return {
    start(): void {
      running ??= stayConnected(needs).catch((error: unknown) => {
        needs.closing.abort();
        fail(error);
      });
    },
    /** Resolves when the last connection has ended. */
    ended: async () => running,
    /** Rejects if the loop had to end. */
    failed,
  };
}

async function stayConnected({ open, ended, health, host, who, closing: { signal } }: Needs): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const end = await connectOnce(open, signal);
    const duplicate = ended(end);
    if (signal.aborted) return;
    const other = `another ${who} seems to be connected to the broker`;
    if (duplicate === 'certain') throw new Error(`${other}; stop one of the two, or give it another name`);
    // With a duplicate, a longer pause would only hide the problem.
    failures = end.openSeconds >= stableSeconds || duplicate === 'suspected' ? 0 : failures + 1;
    health.notConnected(duplicate === 'suspected' ? other : reasonOf(end, host));
    await pause(backoffSeconds(Math.max(1, failures), pauses, Math.random()), signal);
  }
}

async function connectOnce(open: Needs['open'], signal: AbortSignal): Promise<ConnectionEnd> {
  try {
    const connection = open();
    signal.addEventListener('abort', connection.end, { once: true });
    return await connection.ended.finally(() => signal.removeEventListener('abort', connection.end));
  } catch (cause) {
    return neverOpened(cause);
  }
}

function reasonOf({ cause, opened, unanswered: [first] }: ConnectionEnd, host: string): string {
  if (cause !== undefined) return explain(cause, host);
  if (!opened || first === undefined) return 'the broker closed the connection';
  return `the broker closed the connection without an answer about ${first.topic}: check its access rules`;
}
