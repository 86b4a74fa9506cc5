/**
 * A running quantile a pixel of how much it differs when nobody is there: up by a factor when exceeded, down by another
 * when not, so that it settles where a share `quantile` lies below. No square, no spread to be thrown off by the person
 * who passes: a rare large value weighs as much as a rare small one.
 */
export function createNoiseModel(size: number, quantile: number, floor: number, ceiling: number) {
  const level = new Float32Array(size).fill(floor);
  return {
    level,
    /** @param step how far to go, 0 to 1: the seconds that this value stands for, by those it takes to follow */
    learn(p: number, value: number, step: number): void {
      const now = level[p]!;
      if (value > now) level[p] = Math.min(ceiling, now * (1 + step * quantile));
      else if (now > floor) level[p] = Math.max(floor, now * (1 - step * (1 - quantile)));
    },
    /** The same for every pixel at once. */
    learnAll(values: Uint16Array, step: number): void {
      const up = 1 + step * quantile;
      const down = 1 - step * (1 - quantile);
      for (let p = 0; p < size; p++) {
        const now = level[p]!;
        if (values[p]! > now) level[p] = Math.min(ceiling, now * up);
        else if (now > floor) level[p] = Math.max(floor, now * down);
      }
    },
  };
}
