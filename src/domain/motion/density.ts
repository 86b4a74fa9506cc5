/**
 * Keeps a pixel where at least `least` of the 5x5 around it are set: drops grains and hairlines, closes small holes.
 * Both are one byte a pixel, 0 or 1.
 */
export function createDensityFilter(width: number, height: number) {
  const rows = new Uint8Array(width * height);
  const columns = new Uint8Array(width);
  function sumRow(mask: Uint8Array, start: number): void {
    const end = start + width;
    let sum = mask[start]! + mask[start + 1]!;
    for (let p = start; p < end; p++) {
      if (p + 2 < end) sum += mask[p + 2]!;
      if (p - 3 >= start) sum -= mask[p - 3]!;
      rows[p] = sum;
    }
  }

  return (mask: Uint8Array, least: number, into: Uint8Array): void => {
    into.fill(0);
    const first = mask.indexOf(1);
    if (first < 0) return;
    const top = Math.floor(first / width);
    const bottom = Math.floor(mask.lastIndexOf(1) / width);
    for (let y = top; y <= bottom; y++) sumRow(mask, y * width);
    columns.fill(0);
    // Rows beyond those that hold anything count as empty; only those that reach some have to be looked at.
    for (let y = top - 2; y <= Math.min(height - 1, bottom + 2); y++) {
      const enters = y + 2 <= bottom ? (y + 2) * width : -1;
      const leaves = y - 3 >= top ? (y - 3) * width : -1;
      if (enters >= 0) for (let x = 0, p = enters; x < width; x++, p++) columns[x]! += rows[p]!;
      if (leaves >= 0) for (let x = 0, p = leaves; x < width; x++, p++) columns[x]! -= rows[p]!;
      if (y >= 0) for (let x = 0, p = y * width; x < width; x++, p++) into[p] = columns[x]! >= least ? 1 : 0;
    }
  };
}
