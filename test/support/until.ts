import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for what sends no event of its own (another program's API): asks every 200 ms until the answer is neither false nor
 * undefined, and throws with `what` after so many seconds.
 */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s still not true: ${what}`);
    await pause(200);
  }
}
