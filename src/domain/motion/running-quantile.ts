/**
 * Without a branch on the data: nobody foretells which values exceed, and a processor that guesses wrong waits. What
 * starts below the floor stays there until it is exceeded.
 */
function follow(
  level: Float32Array,
  values: Uint16Array,
  slow: Uint8Array,
  factors: Float64Array,
  floor: number,
  ceiling: number,
  first: number,
  every: number,
): void {
  const bounded = new Float64Array(2);
  for (let p = first; p < level.length; p += every) {
    const now = level[p]!;
    const next = now * factors[2 * slow[p]! + Number(values[p]! > now)]!;
    const lowest = now < floor ? now : floor;
    bounded[0] = Math.min(ceiling, next);
    bounded[1] = lowest;
    level[p] = bounded[Number(next < lowest)]!;
  }
}

/**
 * A running quantile a pixel of how much it differs when nobody is there: up by a factor when exceeded, down by another
 * when not, so that it settles where a share `quantile` lies below. No square, no spread to be thrown off by the person
 * who passes: a rare large value weighs as much as a rare small one.
 */
export function createNoiseModel(size: number, quantile: number, floor: number, ceiling: number) {
  const level = new Float32Array(size).fill(floor);
  return {
    level,
    /**
     * Steps are how far to go, 0 to 1: the seconds that these values stand for, by those it takes to follow.
     * @param slow 1 where `slowStep` is meant, else 0; @param first the first pixel to learn; @param every from one to the next
     */
    learn(values: Uint16Array, step: number, slow: Uint8Array, slowStep: number, first: number, every: number): void {
      const factors = Float64Array.of(
        1 - step * (1 - quantile),
        1 + step * quantile,
        1 - slowStep * (1 - quantile),
        1 + slowStep * quantile,
      );
      follow(level, values, slow, factors, Math.fround(floor), ceiling, first, every);
    },
  };
}
