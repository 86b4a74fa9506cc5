/**
 * Keeps a pixel where at least `least` of the 5x5 around it are set: drops grains and hairlines, closes small holes.
 * Both are one byte a pixel, 0 or 1.
 */
export function createDensityFilter(width: number, height: number) {
  const rows = new Uint8Array(width * height);
  return (mask: Uint8Array, least: number, into: Uint8Array): void => {
    for (let y = 0; y < height; y++) {
      const start = y * width;
      let sum = mask[start]! + mask[start + 1]!;
      for (let x = 0; x < width; x++) {
        if (x + 2 < width) sum += mask[start + x + 2]!;
        if (x - 3 >= 0) sum -= mask[start + x - 3]!;
        rows[start + x] = sum;
      }
    }
    for (let y = 0; y < height; y++) {
      const top = Math.max(0, y - 2);
      const bottom = Math.min(height - 1, y + 2);
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let v = top; v <= bottom; v++) sum += rows[v * width + x]!;
        into[y * width + x] = sum >= least ? 1 : 0;
      }
    }
  };
}
