/**
 * Has no branch that depends on the data: whether a value exceeds its estimate is close to random, and a processor that
 * predicts a branch wrongly has to wait. An estimate that starts below the floor stays there until it is exceeded.
 */
function updateEstimates(
  estimates: Float32Array,
  values: Uint16Array,
  slow: Uint8Array,
  factors: Float64Array,
  floor: number,
  ceiling: number,
  first: number,
  stride: number,
): void {
  const bounded = new Float64Array(2);
  for (let p = first; p < estimates.length; p += stride) {
    const now = estimates[p]!;
    const next = now * factors[2 * slow[p]! + Number(values[p]! > now)]!;
    const lowest = now < floor ? now : floor;
    bounded[0] = Math.min(ceiling, next);
    bounded[1] = lowest;
    estimates[p] = bounded[Number(next < lowest)]!;
  }
}

/**
 * Estimates for each pixel the value that a share `quantile` of its values stay below. An estimate rises by one factor when
 * a value exceeds it and falls by another when not. No mean and no variance are kept, so a rare very large value, such as a
 * person who passes, moves it no further than a rare small one.
 */
export function createRunningQuantile(size: number, quantile: number, floor: number, ceiling: number) {
  const estimates = new Float32Array(size).fill(floor);
  return {
    estimates,
    /**
     * A step (0 to 1) is the time between two values divided by the time in which an estimate should follow.
     * @param slow 1 where `slowStep` applies, else 0; @param first the first pixel to update; @param stride from one to the next
     */
    update(values: Uint16Array, step: number, slow: Uint8Array, slowStep: number, first: number, stride: number): void {
      const factors = Float64Array.of(
        1 - step * (1 - quantile),
        1 + step * quantile,
        1 - slowStep * (1 - quantile),
        1 + slowStep * quantile,
      );
      updateEstimates(estimates, values, slow, factors, Math.fround(floor), ceiling, first, stride);
    },
  };
}
