import type { IncomingMessage } from 'node:http';
import { createJpegSplitter } from '../../domain/camera/jpeg-splitter.js';
import { monotonicSeconds } from '../../async/clock.js';
import { pause } from '../../async/pause.js';
import type { HttpClient } from './http-client.js';

/** A still picture is asked for no more often than this, whatever `camera.fps` says. */
const mostStillsPerSecond = 2;
const mostBytes = 32_000_000;

/** When a still picture is asked for; a stream keeps its own rate. */
export type StillRule = {
  /** at most this often, and twice a second */
  readonly fps: number;
  /** Waits until it is due, where `fps` does not say it. */
  readonly untilStillDue?: (signal: AbortSignal) => Promise<void>;
};

/** Pictures one by one, as they come; `next(false)` says that the one before was broken. */
export type HttpPictures = AsyncGenerator<Uint8Array, void, boolean>;

/**
 * Asks an address once and finds out what it has: MJPEG in any dialect, or one picture, which is then asked for again and
 * again, at most twice a second; or video that libav has to read (undefined). Rejects if it has nothing that can be watched; the reason continues the camera's name.
 */
export async function openHttpPictures(
  client: HttpClient,
  rule: StillRule,
  signal: AbortSignal,
): Promise<HttpPictures | undefined> {
  const answer = await client.get();
  const body = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  const first = (await body.next()).value ?? Buffer.alloc(0);
  const kind = kindOf(answer, first);
  if (kind === 'other') {
    answer.destroy();
    return undefined;
  }
  const untilDue = rule.untilStillDue ?? paced(rule.fps);
  const poll = (last: Uint8Array) => pollStills(client, { answer, last, untilDue }, signal);
  return watch(kind, startWith(first, body), poll);
}

async function* startWith(first: Buffer, rest: AsyncIterator<Buffer, undefined>) {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

type Kind = 'stream' | 'one picture' | 'pictures' | 'other';

/** Judges by the first bytes rather than by the header, which cheap cameras get wrong. */
function kindOf({ headers }: IncomingMessage, first: Buffer): Kind {
  const type = headers['content-type'] ?? '';
  const text = first.toString('latin1', 0, 200).trimStart();
  if (/^multipart\/|mjpe?g|motion-jpe?g/i.test(type) || text.startsWith('--')) return 'stream';
  if (first[0] === 0xff && first[1] === 0xd8) {
    return headers['content-length'] === undefined ? 'pictures' : 'one picture';
  }
  if (text.startsWith('\x89PNG') || text.startsWith('RIFF')) return 'one picture';
  if (/^#EXTM3U|<MPD\b/.test(text)) return 'other';
  if (first.length === 0) throw new Error('answers with nothing: check the path of the address');
  if (/html/i.test(type) || text.startsWith('<')) {
    throw new Error(`answers with a web page, not with video: ${usualPaths}`);
  }
  if (/^text\/|json|xml/i.test(type)) throw new Error(`answers with text, not with video: ${usualPaths}`);
  return 'other';
}

const usualPaths =
  'check the path of the address; of MJPEG it is often /video, /stream or /video.mjpg, of a still picture /snapshot.jpg';

async function* watch(
  kind: Exclude<Kind, 'other'>,
  chunks: AsyncIterable<Buffer>,
  poll: (last: Uint8Array) => HttpPictures,
): HttpPictures {
  let count = 1;
  let last: Uint8Array = new Uint8Array();
  if (kind === 'one picture') yield (last = await readAll(chunks));
  else {
    count = 0;
    const splitter = createJpegSplitter();
    for await (const chunk of chunks) {
      for (const picture of splitter.push(chunk)) {
        count++;
        yield (last = picture);
      }
    }
  }
  if (kind !== 'stream' && count === 1) yield* poll(last);
}

type UntilDue = NonNullable<StillRule['untilStillDue']>;
type Still = { readonly answer: IncomingMessage; readonly last: Uint8Array; readonly untilDue: UntilDue };

function paced(fps: number): UntilDue {
  const period = 1 / Math.min(fps, mostStillsPerSecond);
  let askedAt = monotonicSeconds();
  return async (signal) => {
    await pause(Math.max(0, askedAt + period - monotonicSeconds()), signal);
    askedAt = monotonicSeconds();
  };
}

/** Fetches a still picture again and again; one that has not changed since need not be sent (RFC 9110 §13), and is repeated. */
async function* pollStills(client: HttpClient, { answer, last, untilDue }: Still, signal: AbortSignal): HttpPictures {
  let validators = validatorsOf(answer);
  let picture = last;
  for (;;) {
    await untilDue(signal);
    if (signal.aborted) return;
    const next = await client.get(validators);
    if (next.statusCode === 304) next.resume();
    else {
      const body = await readAll(next);
      // A busy camera may answer with a page.
      kindOf(next, body);
      picture = body;
      validators = validatorsOf(next);
    }
    const sound: boolean = yield picture;
    if (!sound) validators = {};
  }
}

function validatorsOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const { etag, 'last-modified': modified } = headers;
  return { ...(etag && { 'if-none-match': etag }), ...(modified && { 'if-modified-since': modified }) };
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > mostBytes) throw new Error('sends a picture that is too large: at most 32 MB');
  }
  return Buffer.concat(parts);
}
