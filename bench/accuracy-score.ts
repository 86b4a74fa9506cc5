/** The label of one frame: occupied, empty, or unknown; `leftOut` frames are not scored. */
export type Label = { readonly occupied: boolean | undefined; readonly leftOut: boolean };

/** How well the reported status follows the labels: seconds, and counts of visits. */
export type Score = {
  readonly f1: number;
  readonly falseSeconds: number;
  readonly missedSeconds: number;
  readonly falseVisits: number;
  readonly missedVisits: number;
  readonly visits: number;
  /** Mean time from the start of a visit to its report; undefined if no visit was found. */
  readonly entrySeconds: number | undefined;
};

/** Reads `frames.csv`: the columns frame, occupied (1, 0 or empty) and optionally near_boundary (1 = leave out). */
export function readLabels(csv: string): Label[] {
  const [head = '', ...rows] = csv.trim().split(/\r?\n/);
  const columns = head.split(',');
  return rows.map((row) => {
    const cell = (name: string) => row.split(',')[columns.indexOf(name)] ?? '';
    const occupied = cell('occupied');
    return {
      occupied: occupied === '' ? undefined : Number(occupied) === 1,
      leftOut: Number(cell('near_boundary')) === 1,
    };
  });
}

/** Scores the status reported for each frame. After a visit, `graceSeconds` are not scored: the room may still be occupied. */
export function score(
  labels: readonly Label[],
  reported: readonly boolean[],
  fps: number,
  graceSeconds: number,
): Score {
  const inGrace = graceFrames(labels, graceSeconds * fps);
  let right = 0;
  let wrong = 0;
  let missed = 0;
  labels.forEach(({ occupied, leftOut }, i) => {
    if (occupied === undefined || leftOut || inGrace[i]) return;
    if (reported[i] && occupied) right++;
    else if (reported[i]) wrong++;
    else if (occupied) missed++;
  });
  const visits = runsOf(labels.map(({ occupied }) => occupied === true)).filter(([from, to]) => to - from >= fps);
  const entries = visits.map(([from, to]) => reported.slice(from, to).indexOf(true)).filter((frames) => frames >= 0);
  const isEmpty = (i: number) => labels[i]?.occupied === false && !inGrace[i];
  return {
    f1: right + wrong + missed > 0 ? (2 * right) / (2 * right + wrong + missed) : 1,
    falseSeconds: wrong / fps,
    missedSeconds: missed / fps,
    falseVisits: runsOf(reported).filter(([from, to]) => range(from, to).every(isEmpty)).length,
    missedVisits: visits.length - entries.length,
    visits: visits.length,
    entrySeconds: entries.length > 0 ? entries.reduce((a, b) => a + b, 0) / entries.length / fps : undefined,
  };
}

function graceFrames(labels: readonly Label[], grace: number): boolean[] {
  let leftAt = -Infinity;
  let before: boolean | undefined;
  return labels.map(({ occupied }, i) => {
    if (before === true && occupied === false) leftAt = i;
    before = occupied ?? before;
    return occupied === false && i - leftAt <= grace;
  });
}

function runsOf(flags: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  for (let i = 0; i <= flags.length; i++) {
    if (flags[i] === true && from < 0) from = i;
    else if (flags[i] !== true && from >= 0) {
      found.push([from, i]);
      from = -1;
    }
  }
  return found;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
