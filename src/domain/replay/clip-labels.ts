/** A period in which a clip's labels say that the room is occupied, in seconds of the clip. */
export type TruthSpan = { readonly from: number; readonly to: number };

/**
 * Reads the labels of a clip: CSV with the columns `frame` and `occupied` (1, 0, or empty for a frame without a label).
 * Returns undefined if the columns are missing.
 */
export function readTruth(csv: string, fps: number): TruthSpan[] | undefined {
  const [head = '', ...rows] = csv.split(/\r?\n/);
  const columns = head.split(',');
  const frameColumn = columns.indexOf('frame');
  const occupiedColumn = columns.indexOf('occupied');
  if (frameColumn < 0 || occupiedColumn < 0) return undefined;
  const spans: TruthSpan[] = [];
  let from: number | undefined;
  let end = 0;
  for (const row of rows) {
    const cells = row.split(',');
    const frame = Number(cells[frameColumn]);
    if (row === '' || !Number.isFinite(frame)) continue;
    const occupied = Number(cells[occupiedColumn]) === 1;
    end = (frame + 1) / fps;
    if (occupied) from ??= frame / fps;
    else if (from !== undefined) {
      spans.push({ from, to: frame / fps });
      from = undefined;
    }
  }
  if (from !== undefined) spans.push({ from, to: end });
  return spans;
}
