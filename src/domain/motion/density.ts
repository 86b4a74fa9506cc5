/** Sums of each pixel and two to either side of it in its row, for rows of `width` from `top` to `bottom`. */
function sumRows(mask: Uint8Array, width: number, top: number, bottom: number, into: Uint8Array): void {
  for (let y = top; y <= bottom; y++) {
    const start = y * width;
    const last = start + width - 3;
    let sum = mask[start]! + mask[start + 1]!;
    for (let p = start; p < start + 3; p++) into[p] = sum += mask[p + 2]!;
    for (let p = start + 3; p <= last; p++) into[p] = sum += mask[p + 2]! - mask[p - 3]!;
    for (let p = last + 1; p < last + 3; p++) into[p] = sum -= mask[p - 3]!;
  }
}

/** Adds the sums of five rows up in `columns` and marks where there are enough; other rows stay as they are. */
function markRows(
  rows: Uint8Array,
  columns: Uint8Array,
  top: number,
  bottom: number,
  least: number,
  into: Uint8Array,
): void {
  const width = columns.length;
  const height = into.length / width;
  columns.fill(0);
  // Rows beyond those that hold anything count as empty; only those that reach some have to be looked at.
  for (let y = top - 2; y <= Math.min(height - 1, bottom + 2); y++) {
    const enters = y + 2 <= bottom ? (y + 2) * width : -1;
    const leaves = y - 3 >= top ? (y - 3) * width : -1;
    if (enters >= 0) for (let x = 0, p = enters; x < width; x++, p++) columns[x]! += rows[p]!;
    if (leaves >= 0) for (let x = 0, p = leaves; x < width; x++, p++) columns[x]! -= rows[p]!;
    if (y >= 0) for (let x = 0, p = y * width; x < width; x++, p++) if (columns[x]! >= least) into[p] = 1;
  }
}

/**
 * Keeps a pixel where at least `least` of the 5x5 around it are set: drops grains and hairlines, closes small holes.
 * Both are one byte a pixel, 0 or 1; a row has at least five.
 */
export function createDensityFilter(width: number, height: number) {
  const rows = new Uint8Array(width * height);
  const columns = new Uint8Array(width);
  return (mask: Uint8Array, least: number, into: Uint8Array): void => {
    into.fill(0);
    const first = mask.indexOf(1);
    if (first < 0) return;
    const top = Math.floor(first / width);
    const bottom = Math.floor(mask.lastIndexOf(1) / width);
    sumRows(mask, width, top, bottom, rows);
    markRows(rows, columns, top, bottom, least, into);
  };
}
