import * as z from 'zod';

const kinds = [
  // instead of an answer
  'reset_before',
  'stall',
  // instead of doing it
  'rate_limit',
  'rate_limit_text',
  'rate_limit_empty',
  'busy_429',
  'error_500',
  'error_503',
  'not_found',
  'proxy_400',
  'proxy_403',
  'proxy_407',
  'proxy_413',
  'path_root',
  'bad_request',
  'expired',
  'invalid_token',
  // on the way there: one bit of the file is flipped
  'corrupt',
  // as the outcome of a write (of every entry of a batch)
  'busy_409',
  'no_space',
  'hash_mismatch',
  'disallowed_name',
  'malformed_path',
  'blocked_folder',
  'no_permission',
  'new_tag',
  // after it is done
  'reset_after',
  'truncated',
  'slow',
  'garbage',
  'huge',
  'drip',
  'wrong_hash',
] as const;
/** The default faults of a random schedule: all that are temporary and do not delay a client much. */
const passing: readonly FaultKind[] = [
  'reset_before',
  'rate_limit',
  'rate_limit_text',
  'rate_limit_empty',
  'busy_429',
  'error_500',
  'error_503',
  'expired',
  'busy_409',
  'reset_after',
  'truncated',
  'slow',
  'garbage',
];

const fault = z.strictObject({
  kind: z.enum(kinds),
  /** only on routes that end with this, such as `files/upload` or `oauth2/token` */
  route: z.string().optional(),
  /** number of times; 1 by default */
  times: z.int().min(1).optional(),
  /** Retry-After, or the pause of `slow` */
  seconds: z.number().min(0).optional(),
});
const random = z.strictObject({
  seed: z.int(),
  /** of all requests */
  share: z.number().min(0).max(1),
  kinds: z.array(z.enum(kinds)).min(1).optional(),
});
/** The body of `POST /control/faults`; a missing member changes nothing. */
export const faultPlan = z.strictObject({ script: z.array(fault).optional(), random: random.nullable().optional() });
export type FaultKind = (typeof kinds)[number];
export type Fault = z.infer<typeof fault>;
export type FaultPlan = z.infer<typeof faultPlan>;

/** Chooses the faults: first the script, in its order, then random ones. The same seed and requests give the same faults. */
export function createFaults() {
  let script: (Fault & { left: number })[] = [];
  let chance: { share: number; kinds: readonly FaultKind[]; draw: () => number } | undefined;
  const given: Partial<Record<FaultKind, number>> = {};

  function choose(route: string): Fault | undefined {
    const scripted = script.find(
      (entry) => entry.left > 0 && (entry.route === undefined || route.endsWith(entry.route)),
    );
    if (scripted !== undefined) {
      scripted.left -= 1;
      return scripted;
    }
    if (chance === undefined || chance.draw() >= chance.share) return undefined;
    const kind = chance.kinds[Math.floor(chance.draw() * chance.kinds.length)];
    return kind === undefined ? undefined : { kind, seconds: chance.draw() < 0.5 ? 0 : 1 };
  }

  return {
    given,
    plan(next: FaultPlan) {
      if (next.script !== undefined) script = next.script.map((entry) => ({ ...entry, left: entry.times ?? 1 }));
      if (next.random === null) chance = undefined;
      else if (next.random !== undefined) {
        const { seed, share, kinds: chosen = passing } = next.random;
        chance = { share, kinds: chosen, draw: createRandom(seed) };
      }
    },
    next(route: string): Fault | undefined {
      const chosen = choose(route);
      if (chosen !== undefined) given[chosen.kind] = (given[chosen.kind] ?? 0) + 1;
      return chosen;
    },
  };
}

/** mulberry32: small, and the same on every machine. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
