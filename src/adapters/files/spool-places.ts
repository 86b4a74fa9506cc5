/** The position of a line in the file; `bytes` is its length without the line feed. */
export type Place = { readonly offset: number; readonly bytes: number };

/** Where each record of a spool is in the file and when it was first written, in the order in which the keys came. */
export type SpoolPlaces = {
  /** Sets the place of a key. A key that is here already keeps its position and its first time. */
  set(key: string, place: Place, at: number): void;
  delete(key: string): void;
  get(key: string): Place | undefined;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  all(): Iterable<Place>;
  readonly size: number;
  /** size of all records in the file, line feeds included */
  readonly bytes: number;
  /** when the first record was first written, in seconds since the Unix epoch */
  oldestAt(): number | undefined;
};

const initialRows = 64;

/** Makes an empty table. The numbers are in typed arrays: an object for each record would take three times the memory. */
export function createSpoolPlaces(): SpoolPlaces {
  const rowOf = new Map<string, number>();
  const freeRows: number[] = [];
  let offsets = new Float64Array(initialRows);
  let lengths = new Uint32Array(initialRows);
  let times = new Float64Array(initialRows);
  let rows = 0;
  let bytes = 0;

  const copyInto = <Row extends Float64Array | Uint32Array>(larger: Row, row: Row): Row => {
    larger.set(row);
    return larger;
  };
  const takeRow = () => {
    const free = freeRows.pop();
    if (free !== undefined) return free;
    if (rows === times.length) {
      const capacity = Math.ceil(rows * 1.25);
      offsets = copyInto(new Float64Array(capacity), offsets);
      lengths = copyInto(new Uint32Array(capacity), lengths);
      times = copyInto(new Float64Array(capacity), times);
    }
    return rows++;
  };
  const placeAt = (row: number): Place => ({ offset: offsets[row] ?? 0, bytes: lengths[row] ?? 0 });

  return {
    set(key, place, at) {
      let row = rowOf.get(key);
      if (row === undefined) {
        row = takeRow();
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
      freeRows.push(row);
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
