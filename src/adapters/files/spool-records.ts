import type { Place } from './spool-file.js';

/** Where the records of a spool stand and when they were first kept, by key, in the order in which the keys came. */
export type SpoolPlaces = {
  /** A key that is here already keeps its turn and its first time. */
  set(key: string, place: Place, at: number): void;
  delete(key: string): void;
  get(key: string): Place | undefined;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  all(): Iterable<Place>;
  readonly size: number;
  /** what all the records take in the file, with their line feeds */
  readonly bytes: number;
  oldestAt(): number | undefined;
};

const fewest = 64;

/** None yet. The numbers lie in rows of numbers: an object for each record would take three times the memory. */
export function createSpoolPlaces(): SpoolPlaces {
  const rowOf = new Map<string, number>();
  const free: number[] = [];
  let offsets = new Float64Array(fewest);
  let lengths = new Uint32Array(fewest);
  let times = new Float64Array(fewest);
  let rows = 0;
  let bytes = 0;

  const grown = <Row extends Float64Array | Uint32Array>(before: Row, after: Row): Row => {
    after.set(before);
    return after;
  };
  const newRow = () => {
    const again = free.pop();
    if (again !== undefined) return again;
    if (rows === times.length) {
      const room = Math.ceil(rows * 1.25);
      offsets = grown(offsets, new Float64Array(room));
      lengths = grown(lengths, new Uint32Array(room));
      times = grown(times, new Float64Array(room));
    }
    return rows++;
  };
  const placeAt = (row: number): Place => ({ offset: offsets[row] ?? 0, bytes: lengths[row] ?? 0 });

  return {
    set(key, place, at) {
      let row = rowOf.get(key);
      if (row === undefined) {
        row = newRow();
        rowOf.set(key, row);
        times[row] = at;
      } else bytes -= (lengths[row] ?? 0) + 1;
      offsets[row] = place.offset;
      lengths[row] = place.bytes;
      bytes += place.bytes + 1;
    },
    delete(key) {
      const row = rowOf.get(key);
      if (row === undefined) return;
      bytes -= (lengths[row] ?? 0) + 1;
      rowOf.delete(key);
      free.push(row);
    },
    get(key) {
      const row = rowOf.get(key);
      return row === undefined ? undefined : placeAt(row);
    },
    has: (key) => rowOf.has(key),
    keys: () => rowOf.keys(),
    *all() {
      for (const row of rowOf.values()) yield placeAt(row);
    },
    get size() {
      return rowOf.size;
    },
    get bytes() {
      return bytes;
    },
    oldestAt() {
      const [oldest] = rowOf.values();
      return oldest === undefined ? undefined : times[oldest];
    },
  };
}
