import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { monotonicSeconds } from '../../async/clock.js';
import { createLoginThrottle } from '../../domain/page/login-throttle.js';

/** What came of a password; a throttled one was not compared, and may be tried again after `waitSeconds`, a whole number. */
export type PasswordResult =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'throttled'; readonly waitSeconds: number };

type Waiting = {
  readonly given: string;
  readonly request: FastifyRequest;
  readonly until: number;
  readonly answer: (result: PasswordResult) => void;
};

const maxWaiting = 64;
const maxWaitSeconds = 5;
const throttled = { kind: 'throttled', waitSeconds: 1 } as const;

/**
 * Compares passwords with the right one, in constant time. After a wrong one, all others wait for a second, at most 64 of them
 * and 5 s each. Then the one of the lowest rank comes (see `LoginThrottle`), and of equal ones the last: a flood is older.
 */
export function createPasswordCheck(
  password: string,
): (given: string, request: FastifyRequest) => Promise<PasswordResult> {
  const throttle = createLoginThrottle();
  /** in the order in which they came */
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  function compare(given: string, { ip }: FastifyRequest): PasswordResult {
    const right = equal(given, password);
    if (right) throttle.loginSucceeded(ip);
    else throttle.loginFailed(monotonicSeconds());
    return { kind: right ? 'authenticated' : 'denied' };
  }

  function compareNext(): void {
    timer = undefined;
    const now = monotonicSeconds();
    const isLate = ({ until, request }: Waiting) => until <= now || request.raw.socket.destroyed;
    waiting.filter(isLate).forEach(({ answer }) => answer(throttled));
    waiting = waiting.filter((one) => !isLate(one));
    while (throttle.waitSeconds(monotonicSeconds()) === 0) {
      const next = takeBy((rank, least) => rank <= least);
      if (next === undefined) return;
      next.answer(compare(next.given, next.request));
    }
    waitForNext();
  }

  /** Removes the one whose rank is `better` than all others' before it. */
  function takeBy(better: (rank: number, best: number) => boolean): Waiting | undefined {
    let best: { readonly one: Waiting; readonly rank: number } | undefined;
    for (const one of waiting) {
      const rank = throttle.rank(one.request.ip);
      if (best === undefined || better(rank, best.rank)) best = { one, rank };
    }
    waiting = waiting.filter((one) => one !== best?.one);
    return best?.one;
  }

  function waitForNext(): void {
    if (waiting.length === 0) return;
    timer ??= setTimeout(compareNext, throttle.waitSeconds(monotonicSeconds()) * 1000).unref();
  }

  return async (given, request) => {
    const now = monotonicSeconds();
    throttle.tryBegun(request.ip, now);
    if (waiting.length === 0 && throttle.waitSeconds(now) === 0) return compare(given, request);
    return new Promise((answer) => {
      waiting.push({ given, request, until: now + maxWaitSeconds, answer });
      if (waiting.length > maxWaiting) takeBy((rank, most) => rank > most)?.answer(throttled);
      waitForNext();
    });
  };
}

/** Compares in a time that depends on neither the content nor the length. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
