/** Whom or what the labels see in a frame with nobody who occupies the room. */
export type There = 'pet' | 'vehicle' | 'other' | 'nobody';

/** The label of one frame: occupied, empty, or unknown; `leftOut` frames are not scored. */
export type Label = { readonly occupied: boolean | undefined; readonly leftOut: boolean; readonly there: There };

/** The visitors that a clip's labels are about: whoever occupies the room, or people only. */
export type Visitors = 'occupied' | 'person';

/** How well the reported status follows the labels: seconds, and counts of visits. */
export type Score = {
  readonly f1: number;
  readonly falseSeconds: number;
  readonly missedSeconds: number;
  readonly falseVisits: number;
  /** The false visits by what was there when they began. */
  readonly falseVisitsBy: Readonly<Record<There, number>>;
  readonly missedVisits: number;
  readonly visits: number;
  /** Mean time from the start of a visit to its report; undefined if no visit was found. */
  readonly entrySeconds: number | undefined;
};

/** The columns of `frames.csv`, and its rows as cells by column; a cell that is missing is ''. */
function readTable(csv: string) {
  const [head = '', ...rows] = csv.trim().split(/\r?\n/);
  const columns = head.split(',').map((name) => name.trim());
  const cells = rows.map((row) => row.split(','));
  return { columns, rows: cells.map((row) => (name: string) => (row[columns.indexOf(name)] ?? '').trim()) };
}

/**
 * Reads `frames.csv`: the columns frame and occupied (1, 0 or empty); optionally person, vehicle, pet, other (1 = there) and
 * near_boundary (1 = leave out). @param visitors `person` takes the column of that name
 */
export function readLabels(csv: string, visitors: Visitors = 'occupied'): Label[] {
  return readTable(csv).rows.map((cell) => {
    const label = cell(visitors);
    const there = (['pet', 'vehicle', 'other'] as const).find((name) => cell(name) === '1');
    return {
      occupied: label === '' ? undefined : Number(label) === 1,
      leftOut: Number(cell('near_boundary')) === 1,
      there: there ?? 'nobody',
    };
  });
}

/** Whether a clip's labels tell people from other visitors. */
export function labelsPeople(csv: string): boolean {
  return readTable(csv).columns.includes('person');
}

/** Whether a clip's labels take vehicles for visitors: occupied by one, with no person. */
export function labelsVehiclesAsVisitors(csv: string): boolean {
  return readTable(csv).rows.some(
    (cell) => cell('occupied') === '1' && cell('vehicle') === '1' && cell('person') !== '1',
  );
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
  const falseVisits = runsOf(reported).filter(([from, to]) => range(from, to).every(isEmpty));
  const falseVisitsBy: Record<There, number> = { pet: 0, vehicle: 0, other: 0, nobody: 0 };
  for (const [from] of falseVisits) falseVisitsBy[labels[from]!.there]++;
  return {
    f1: right + wrong + missed > 0 ? (2 * right) / (2 * right + wrong + missed) : 1,
    falseSeconds: wrong / fps,
    missedSeconds: missed / fps,
    falseVisits: falseVisits.length,
    falseVisitsBy,
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
