/** A connected piece of a mask: its number of pixels and its box, in pixels. */
export type Component = { area: number; left: number; top: number; right: number; bottom: number; label: number };

/** Pixels side by side in a row, from left to right; `parent` is a run before it that it hangs together with, or itself. */
type Runs = {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly row: Int32Array;
  readonly parent: Int32Array;
};

function rootOf(parent: Int32Array, run: number): number {
  let root = run;
  while (parent[root] !== root) root = parent[root]!;
  return root;
}

/** Joins a run to those of the row above, from `above` on, that touch it, corners included; the first of all is their root. */
function join({ start, end, parent }: Runs, run: number, above: number, aboveEnd: number, width: number): void {
  for (let other = above; other < aboveEnd && start[other]! + width <= end[run]! + 1; other++) {
    const one = rootOf(parent, run);
    const two = rootOf(parent, other);
    parent[Math.max(one, two)] = Math.min(one, two);
  }
}

/** Lists the runs of a mask's rows and what hangs together. Returns how many there are. */
function findRuns(mask: Uint8Array, width: number, first: number, last: number, runs: Runs): number {
  const { start, end, row, parent } = runs;
  let count = 0;
  let above = 0;
  for (let y = Math.floor(first / width); y * width <= last; y++) {
    const aboveEnd = count;
    let touching = above;
    above = count;
    for (let p = y * width, stop = p + width; p < stop; p++) {
      if (mask[p] !== 1) continue;
      start[count] = p;
      while (p + 1 < stop && mask[p + 1] === 1) p++;
      end[count] = p;
      row[count] = y;
      parent[count] = count;
      while (touching < aboveEnd && end[touching]! + width < start[count]! - 1) touching++;
      join(runs, count++, touching, aboveEnd, width);
    }
  }
  return count;
}

/** Finds the connected pieces (8 neighbours) of a mask; `labels[p]` is then the piece's label, 0 where nothing is set. */
export function createComponentFinder(width: number, height: number) {
  const labels = new Uint16Array(width * height);
  const most = (Math.floor(width / 2) + 1) * height;
  const [start, end, row, parent] = [0, 0, 0, 0].map(() => new Int32Array(most)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const runs: Runs = { start, end, row, parent };

  /** The piece of a run, widened by it; a root is met before what hangs on it, and begins a new one. */
  function pieceOf(run: number, pieces: Component[]): Component {
    const left = start[run]! - row[run]! * width;
    const right = end[run]! - row[run]! * width;
    const root = rootOf(parent, run);
    if (root === run) {
      const piece = { area: 0, left, top: row[run]!, right, bottom: row[run]!, label: pieces.length + 1 };
      labels[start[run]!] = piece.label;
      pieces.push(piece);
    }
    const piece = pieces[labels[start[root]!]! - 1]!;
    piece.area += right - left + 1;
    piece.left = Math.min(piece.left, left);
    piece.right = Math.max(piece.right, right);
    piece.bottom = row[run]!;
    return piece;
  }

  return {
    labels,
    /** @param least pixels that a piece has to have; smaller ones are labelled too */
    find(mask: Uint8Array, least: number): Component[] {
      labels.fill(0);
      const first = mask.indexOf(1);
      if (first < 0) return [];
      const pieces: Component[] = [];
      const count = findRuns(mask, width, first, mask.lastIndexOf(1), runs);
      for (let run = 0; run < count; run++) {
        const { label } = pieceOf(run, pieces);
        for (let p = start[run]!; p <= end[run]!; p++) labels[p] = label;
      }
      return pieces.filter(({ area }) => area >= least);
    },
  };
}
