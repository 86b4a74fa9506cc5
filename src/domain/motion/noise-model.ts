/**
 * A running quantile a pixel of how much it differs when nobody is there: up by a factor when exceeded, down by another
 * when not, so that it settles where a share `quantile` lies below. No square, no spread to be thrown off by the person
 * who passes: a rare large value weighs as much as a rare small one.
 */
export function createNoiseModel(size: number, quantile: number, floor: number, ceiling: number) {
  const level = new Float32Array(size).fill(floor);
  return {
    level,
    /** @param rates 1/s a pixel; @param seconds since the last call */
    learn(values: Uint16Array, rates: Float32Array, seconds: number): void {
      for (let p = 0; p < size; p++) {
        const step = rates[p]! * seconds;
        if (step === 0) continue;
        const now = level[p]!;
        if (values[p]! > now) level[p] = Math.min(ceiling, now * (1 + step * quantile));
        else if (now > floor) level[p] = Math.max(floor, now * (1 - step * (1 - quantile)));
      }
    },
  };
}
