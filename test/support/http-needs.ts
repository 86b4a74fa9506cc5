import type { HttpNeeds } from '../../src/adapters/http/server.js';

/** The simplest detector for tests of the server; `logged` holds what was logged as an error. */
export function plainHttpNeeds(changed: Partial<HttpNeeds> = {}): HttpNeeds & { readonly logged: unknown[] } {
  const logged: unknown[] = [];
  return {
    logged,
    log: { error: (...words: unknown[]) => void logged.push(words) },
    verifyUrl: () => 'ok',
    sign: () => Promise.resolve({ signature: 'signed' }),
    damaged: (id) => void logged.push(['damaged', id]),
    urlExpired: (id) => void logged.push(['expired', id]),
    findSnapshot: () => Promise.resolve('unknown'),
    health: () => ({ camera: { ok: true }, broker: { ok: true }, disk: { ok: true } }),
    metrics: () => Promise.resolve('roomwatch_frames_total 1\n'),
    ...changed,
  };
}
