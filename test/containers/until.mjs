import { setTimeout as wait } from 'node:timers/promises';

/** Waits until a claim holds. */
export async function until(what, claim, seconds = 120) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await claim().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await wait(500);
  }
}
