/** A JPEG larger than this is taken for garbage. */
const mostBytes = 32_000_000;
/** A camera that cuts this many pictures in a row never writes the marker at the end. */
const habit = 5;
/** Something that begins like no picture for this long is not made of pictures. */
const mostPreamble = 256_000;

type Place =
  /** between pictures */
  | { readonly in: 'gap' }
  /** at a marker segment (`at`); `last` is the segment before */
  | { readonly in: 'segments'; readonly at: number; readonly last: number }
  /** in entropy-coded data */
  | { readonly in: 'scan'; readonly at: number };

/**
 * Finds JPEGs in a stream of bytes by their own structure (ITU T.81 §B.1), whatever lies between them: boundaries, part
 * headers right or wrong, other parts, nothing. A picture that is cut short is left out, and costs no other picture. A
 * thumbnail within a picture is not taken for one. `push` returns the pictures that are complete now, as copies, and throws
 * an Error if the stream holds no pictures.
 */
export function createJpegSplitter() {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  let place: Place = { in: 'gap' };
  let skipped = 0;
  let unended = 0;

  const append = (bytes: Uint8Array) => {
    if (length + bytes.length > buffer.length) {
      const larger = new Uint8Array(2 * (length + bytes.length));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(bytes, length);
    length += bytes.length;
  };
  /** Forgets the first bytes; a picture then begins at 0 or not at all. */
  const forget = (count: number) => {
    buffer.copyWithin(0, count, length);
    length -= count;
  };
  const startAgain = (from: number) => {
    forget(from);
    place = { in: 'gap' };
  };
  /** Moves on to the start of a picture; false if there is none yet. */
  const findStart = () => {
    const start = startOfImage(buffer.subarray(0, length));
    skipped += start ?? Math.max(0, length - 2);
    if (skipped > mostPreamble) throw new Error('sends no JPEG pictures');
    forget(start ?? Math.max(0, length - 2));
    if (start === undefined) return false;
    place = { in: 'segments', at: 2, last: 2 };
    return true;
  };
  /** Goes through the picture that begins at 0; its length once it is complete. */
  const findEnd = (): { readonly picture: Uint8Array } | 'incomplete' | 'broken' => {
    for (;;) {
      if (place.in === 'gap') return 'broken';
      const next: Step = place.in === 'scan' ? scan(buffer, place.at, length) : segment(buffer, place, length);
      if (next === 'incomplete') return next;
      if ('end' in next || 'brokenAt' in next) {
        const end = 'end' in next ? next.end : next.brokenAt;
        const whole = 'end' in next || (place.in === 'scan' && unended >= habit);
        unended = 'end' in next ? 0 : unended + 1;
        const picture = whole ? buffer.slice(0, end) : undefined;
        startAgain(end);
        return picture === undefined ? 'broken' : { picture };
      }
      const waits = next.in === place.in && next.at === place.at;
      place = next;
      if (waits) return 'incomplete';
    }
  };

  return {
    push(bytes: Uint8Array): Uint8Array[] {
      append(bytes);
      const found: Uint8Array[] = [];
      for (;;) {
        if (place.in === 'gap' && !findStart()) return found;
        const end = findEnd();
        if (end === 'incomplete') {
          if (length > mostBytes) throw new Error('sends no JPEG pictures');
          return found;
        }
        if (end === 'broken') continue;
        found.push(end.picture);
        skipped = 0;
      }
    },
  };
}

type Step = Exclude<Place, { in: 'gap' }> | { readonly end: number } | { readonly brokenAt: number } | 'incomplete';

/** Where a picture begins: its first marker, followed by another one. */
function startOfImage(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(0xff); at >= 0 && at + 2 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) return at;
  }
  return undefined;
}

/** Passes over one marker segment. */
function segment(bytes: Uint8Array, { at, last }: { at: number; last: number }, length: number): Step {
  if (at + 1 >= length) return 'incomplete';
  const marker = bytes[at + 1] ?? 0;
  // The segment before claimed a wrong length, or the picture was cut within it: the next one may begin inside of it.
  if (bytes[at] !== 0xff || marker === 0 || marker === 0xd8) return { brokenAt: last };
  if (marker === 0xff) return { in: 'segments', at: at + 1, last };
  if (marker === 0xd9) return { end: at + 2 };
  if (marker === 1 || isRestart(marker)) return { in: 'segments', at: at + 2, last: at + 2 };
  if (at + 3 >= length) return 'incomplete';
  const size = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  if (size < 2) return { brokenAt: at + 2 };
  const after = at + 2 + size;
  return marker === 0xda ? { in: 'scan', at: after } : { in: 'segments', at: after, last: at + 2 };
}

/** Passes over entropy-coded data up to the next marker. */
function scan(bytes: Uint8Array, from: number, length: number): Step {
  let at = from;
  for (;;) {
    at = at < length ? bytes.indexOf(0xff, at) : -1;
    if (at < 0 || at >= length) return { in: 'scan', at: Math.max(from, length) };
    if (at + 1 >= length) return { in: 'scan', at };
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd8) return { brokenAt: at };
    if (marker === 0xff) at += 1;
    else if (marker === 0 || isRestart(marker)) at += 2;
    else return { in: 'segments', at, last: at };
  }
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}
