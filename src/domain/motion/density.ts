/** Adds the mask's row that begins at `enters` to the sums of each column and takes the one at `leaves` away; -1 is none. */
function slide(mask: Uint8Array, enters: number, leaves: number, columns: Uint8Array): void {
  const width = columns.length;
  if (enters >= 0 && leaves >= 0) for (let x = 0; x < width; x++) columns[x]! += mask[enters + x]! - mask[leaves + x]!;
  else if (enters >= 0) for (let x = 0; x < width; x++) columns[x]! += mask[enters + x]!;
  else if (leaves >= 0) for (let x = 0; x < width; x++) columns[x]! -= mask[leaves + x]!;
}

/** Marks where the sums of five columns are enough. */
function markRow(columns: Uint8Array, least: number, into: Uint8Array, start: number): void {
  const width = columns.length;
  let sum = columns[0]! + columns[1]!;
  for (let x = 0; x < 3; x++) if ((sum += columns[x + 2]!) >= least) into[start + x] = 1;
  for (let x = 3; x < width - 2; x++) if ((sum += columns[x + 2]! - columns[x - 3]!) >= least) into[start + x] = 1;
  for (let x = Math.max(3, width - 2); x < width; x++) if ((sum -= columns[x - 3]!) >= least) into[start + x] = 1;
}

/**
 * Keeps a pixel where at least `least` of the 5x5 around it are set: drops grains and hairlines, closes small holes.
 * Both are one byte a pixel, 0 or 1; a row has at least five.
 */
export function createDensityFilter(width: number, height: number) {
  const columns = new Uint8Array(width);
  return (mask: Uint8Array, least: number, into: Uint8Array): void => {
    into.fill(0);
    const first = mask.indexOf(1);
    if (first < 0) return;
    const top = Math.floor(first / width);
    const bottom = Math.floor(mask.lastIndexOf(1) / width);
    columns.fill(0);
    // Rows beyond those that hold anything count as empty; only those that reach some have to be looked at.
    for (let y = top - 2; y <= Math.min(height - 1, bottom + 2); y++) {
      const enters = y + 2 <= bottom ? (y + 2) * width : -1;
      const leaves = y - 3 >= top ? (y - 3) * width : -1;
      slide(mask, enters, leaves, columns);
      if (y >= 0) markRow(columns, least, into, y * width);
    }
  };
}
