import type { HttpNeeds } from '../../src/adapters/http/server.js';

/** A detector's answers at their simplest, for tests that are about the server; `log` keeps what was said. */
export function plainHttpNeeds(changed: Partial<HttpNeeds> = {}): HttpNeeds & { readonly said: unknown[] } {
  const said: unknown[] = [];
  return {
    said,
    log: { error: (...words: unknown[]) => void said.push(words) },
    verifyUrl: () => 'ok',
    findSnapshot: () => Promise.resolve('unknown'),
    health: () => ({ camera: { ok: true }, broker: { ok: true }, disk: { ok: true } }),
    metrics: () => Promise.resolve('roomwatch_frames_total 1\n'),
    ...changed,
  };
}
