/** When somebody is there according to a clip's labels. */
export type TruthSpan = { readonly from: number; readonly to: number };

/**
 * Reads a `frames.csv` (columns `frame` and `occupied`: 1, 0, or empty where it is not labelled) that lies beside a
 * clip; undefined where it is none.
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
