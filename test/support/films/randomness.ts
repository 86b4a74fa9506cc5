/** mulberry32: random numbers from 0 to 1; the same seed gives the same numbers. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A smooth texture with a mean of 0 and values of about -1 to 1; its grains are `scale` pixels wide. */
export function texture(random: () => number, width: number, height: number, scale: number): Float32Array {
  const columns = Math.ceil(width / scale) + 2;
  const grid = Float32Array.from({ length: columns * (Math.ceil(height / scale) + 2) }, () => random() * 2 - 1);
  const ease = (t: number) => t * t * (3 - 2 * t);
  return Float32Array.from({ length: width * height }, (_, p) => {
    const x = (p % width) / scale;
    const y = Math.floor(p / width) / scale;
    const k = Math.floor(y) * columns + Math.floor(x);
    const u = ease(x % 1);
    const v = ease(y % 1);
    const top = grid[k]! * (1 - u) + grid[k + 1]! * u;
    const bottom = grid[k + columns]! * (1 - u) + grid[k + columns + 1]! * u;
    return top * (1 - v) + bottom * v;
  });
}
