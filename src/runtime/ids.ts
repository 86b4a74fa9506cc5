import { v7 } from 'uuid';

/** Makes a UUIDv7 (RFC 9562 §5.7) for the time `at`, in seconds since the Unix epoch. */
export function newId(at: number): string {
  return v7({ msecs: milliseconds(at) });
}

/** Makes ids that are the same in every run, for a replay: counted instead of random. */
export function createCountedIds(): (at: number) => string {
  let count = 0;
  return (at) => {
    const random = new Uint8Array(16);
    new DataView(random.buffer).setUint32(12, ++count);
    return v7({ msecs: milliseconds(at), seq: count, random });
  };
}

function milliseconds(at: number): number {
  return Math.max(0, Math.round(at * 1000));
}
