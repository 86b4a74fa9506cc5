/** Adds the mask's row that starts at `enters` to the column sums and subtracts the row at `leaves`; -1 = no row. */
function slideRows(mask: Uint8Array, enters: number, leaves: number, columns: Uint8Array): void {
  const width = columns.length;
  if (enters >= 0 && leaves >= 0) for (let x = 0; x < width; x++) columns[x]! += mask[enters + x]! - mask[leaves + x]!;
  else if (enters >= 0) for (let x = 0; x < width; x++) columns[x]! += mask[enters + x]!;
  else if (leaves >= 0) for (let x = 0; x < width; x++) columns[x]! -= mask[leaves + x]!;
}

/** Sets the pixels of a row where the sum of five columns is at least `minCount`. */
function markRow(columns: Uint8Array, minCount: number, into: Uint8Array, start: number): void {
  const width = columns.length;
  let sum = columns[0]! + columns[1]!;
  for (let x = 0; x < 3; x++) if ((sum += columns[x + 2]!) >= minCount) into[start + x] = 1;
  for (let x = 3; x < width - 2; x++) if ((sum += columns[x + 2]! - columns[x - 3]!) >= minCount) into[start + x] = 1;
  for (let x = Math.max(3, width - 2); x < width; x++) if ((sum -= columns[x - 3]!) >= minCount) into[start + x] = 1;
}

/**
 * Sets a pixel where at least `minCount` of the 5x5 pixels around it are set: removes single pixels and thin lines, closes
 * small holes. Both masks have one byte a pixel, 0 or 1; a row has at least five pixels.
 */
export function createDensityFilter(width: number, height: number) {
  const columns = new Uint8Array(width);
  return (mask: Uint8Array, minCount: number, into: Uint8Array): void => {
    into.fill(0);
    const first = mask.indexOf(1);
    if (first < 0) return;
    const top = Math.floor(first / width);
    const bottom = Math.floor(mask.lastIndexOf(1) / width);
    columns.fill(0);
    // Rows outside top and bottom are empty, so only rows within two of them can have a pixel set.
    for (let y = top - 2; y <= Math.min(height - 1, bottom + 2); y++) {
      const enters = y + 2 <= bottom ? (y + 2) * width : -1;
      const leaves = y - 3 >= top ? (y - 3) * width : -1;
      slideRows(mask, enters, leaves, columns);
      if (y >= 0) markRow(columns, minCount, into, y * width);
    }
  };
}
