/** A rectangle of pixels, the last column and row included. */
export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/**
 * A connected component of a mask: its number of pixels, the sums of their columns and rows, its box, and its label in the
 * finder's `labels`.
 */
export type Blob = Box & {
  readonly area: number;
  readonly sumX: number;
  readonly sumY: number;
  readonly label: number;
};
type GrowingBlob = { -readonly [Key in keyof Blob]: Blob[Key] };

/** Runs of set pixels in a row, in order; `parent` is an earlier run connected with it, or the run itself. */
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

/** Joins a run with the runs of the row above that touch it, corners included; the first run of all becomes their root. */
function joinAbove({ start, end, parent }: Runs, run: number, above: number, aboveEnd: number, width: number): void {
  for (let other = above; other < aboveEnd && start[other]! + width <= end[run]! + 1; other++) {
    const one = rootOf(parent, run);
    const two = rootOf(parent, other);
    parent[Math.max(one, two)] = Math.min(one, two);
  }
}

/** Lists the runs of the mask and joins those that touch. Returns their number. */
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
      joinAbove(runs, count++, touching, aboveEnd, width);
    }
  }
  return count;
}

/** Adds a run to its blob and returns that; a root comes before the runs connected with it, and starts a new blob. */
function blobOfRun(
  { start, end, row, parent }: Runs,
  run: number,
  width: number,
  labels: Uint16Array,
  blobs: GrowingBlob[],
): Blob {
  const left = start[run]! - row[run]! * width;
  const right = end[run]! - row[run]! * width;
  const root = rootOf(parent, run);
  if (root === run) {
    const label = blobs.length + 1;
    labels[start[run]!] = label;
    blobs.push({ area: 0, sumX: 0, sumY: 0, left, top: row[run]!, right, bottom: row[run]!, label });
  }
  const blob = blobs[labels[start[root]!]! - 1]!;
  const pixels = right - left + 1;
  blob.area += pixels;
  blob.sumX += (pixels * (left + right)) / 2;
  blob.sumY += pixels * row[run]!;
  blob.left = Math.min(blob.left, left);
  blob.right = Math.max(blob.right, right);
  blob.bottom = row[run]!;
  return blob;
}

/** Finds the blobs (connected by 8 neighbours) of a mask; afterwards `labels[p]` is the label of a pixel's blob, 0 = none. */
export function createBlobFinder(width: number, height: number) {
  const labels = new Uint16Array(width * height);
  const maxRuns = (Math.floor(width / 2) + 1) * height;
  const runs: Runs = {
    start: new Int32Array(maxRuns),
    end: new Int32Array(maxRuns),
    row: new Int32Array(maxRuns),
    parent: new Int32Array(maxRuns),
  };

  return {
    labels,
    /** @param minArea pixels that a blob needs to be returned; smaller ones are labelled too */
    find(mask: Uint8Array, minArea: number): Blob[] {
      labels.fill(0);
      const first = mask.indexOf(1);
      if (first < 0) return [];
      const blobs: GrowingBlob[] = [];
      const count = findRuns(mask, width, first, mask.lastIndexOf(1), runs);
      for (let run = 0; run < count; run++) {
        const { label } = blobOfRun(runs, run, width, labels, blobs);
        for (let p = runs.start[run]!; p <= runs.end[run]!; p++) labels[p] = label;
      }
      return blobs.filter(({ area }) => area >= minArea);
    },
  };
}
