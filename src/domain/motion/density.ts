/**
 * Keeps a pixel where at least `least` of the 5x5 around it are set: drops grains and hairlines, closes small holes.
 * Both are one byte a pixel, 0 or 1.
 */
export function createDensityFilter(width: number, height: number) {
  const rows = new Uint8Array(width * height);
  const columns = new Uint8Array(width);
  return (mask: Uint8Array, least: number, into: Uint8Array): void => {
    if (!mask.includes(1)) {
      into.fill(0);
      return;
    }
    for (let y = 0; y < height; y++) {
      const start = y * width;
      let sum = mask[start]! + mask[start + 1]!;
      for (let x = 0; x < width; x++) {
        if (x + 2 < width) sum += mask[start + x + 2]!;
        if (x - 3 >= 0) sum -= mask[start + x - 3]!;
        rows[start + x] = sum;
      }
    }
    columns.fill(0);
    for (let p = 0; p < 2 * width; p++) columns[p % width]! += rows[p]!;
    for (let y = 0; y < height; y++) {
      const start = y * width;
      const below = y + 2 < height ? 2 * width : undefined;
      const above = y - 3 >= 0 ? -3 * width : undefined;
      for (let x = 0, p = start; x < width; x++, p++) {
        let sum = columns[x]!;
        if (below !== undefined) sum += rows[p + below]!;
        if (above !== undefined) sum -= rows[p + above]!;
        columns[x] = sum;
        into[p] = sum >= least ? 1 : 0;
      }
    }
  };
}
