import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import { holdFirstFrame } from './first-frame.js';
import { createHttpClient } from './http-client.js';
import { openHttpPictures, type HttpPictures, type StillRule } from './http-pictures.js';
import type { Connection } from './live-camera.js';
import { withName } from './trouble.js';

/** How a camera is read over HTTP. */
export type HttpCameraRule = StillRule & {
  /** How long an answer may take. */
  readonly patienceSeconds: number;
};

/** This many broken pictures in a row are no pictures. */
const mostBroken = 100;

/** Decodes one picture; undefined where it is broken. */
type Decode<Image> = (bytes: Uint8Array) => Promise<Image | undefined>;

/**
 * Connects to a camera that sends separate pictures over HTTP: a stream of them (MJPEG), or one for each request. There is
 * never a second connection, because cheap cameras have one place for viewers. Resolves when the first picture is there, or to
 * undefined if the address has video of another kind. A broken picture is left out.
 */
export async function connectHttp<Image extends LoanedImage>(
  url: URL,
  rule: HttpCameraRule,
  decode: Decode<Image>,
  signal: AbortSignal,
): Promise<Connection<Image> | undefined> {
  const client = createHttpClient(url, rule.patienceSeconds);
  signal.addEventListener('abort', client.close, { once: true });
  let closed = false;
  const close = () => {
    closed = true;
    client.close();
    signal.removeEventListener('abort', client.close);
  };
  try {
    const pictures = await openHttpPictures(client, rule, signal);
    const next = () => (pictures === undefined ? undefined : nextImage(pictures, decode, () => closed));
    const first = await next();
    if (first !== undefined) return holdFirstFrame(first, () => named(url, next), close);
    close();
    if (pictures !== undefined) throw new Error('ends the connection before it sends a picture');
    return undefined;
  } catch (cause) {
    close();
    throw withName(url, cause);
  }
}

async function named<Result>(url: URL, act: () => Promise<Result> | undefined): Promise<Result | undefined> {
  try {
    return await act();
  } catch (cause) {
    throw withName(url, cause);
  }
}

async function nextImage<Image extends LoanedImage>(
  pictures: HttpPictures,
  decode: Decode<Image>,
  isClosed: () => boolean,
): Promise<Image | undefined> {
  for (let broken = 0; broken < mostBroken; broken++) {
    const { value, done } = await pictures.next(broken === 0);
    const image = done === true || isClosed() ? undefined : await decode(value);
    if (isClosed()) image?.release();
    if (done === true || isClosed()) return undefined;
    if (image !== undefined) return image;
  }
  throw new Error('sends pictures that are broken, or not JPEG');
}
