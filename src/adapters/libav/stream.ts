import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicSeconds } from '../../async/clock.js';
import type { Connection } from '../camera/live-camera.js';
import { holdFirstFrame } from '../camera/first-frame.js';
import { hasLogin, noKeyFrame, statusError, unreachableError, withName } from '../camera/trouble.js';
import type { DecodedFrame } from './addon.js';
import { openVideo, type OpenVideo } from './video.js';

/** Where a header does not say it. */
const usualFps = 25;

/** RTSP over `tcp`, `udp`, or `auto`: TCP, and UDP where the camera refuses TCP. */
export type Transport = 'auto' | 'tcp' | 'udp';

/** How a stream is opened. */
export type StreamRule = {
  readonly transport: Transport;
  /** How long an answer may take. */
  readonly patienceSeconds: number;
};

/**
 * Opens a stream that libav reads, over one connection. Resolves when its first frame is there: up to 90 s later where packets
 * come, but no key frame. Rejects with what the camera answered, in words for people and without the password.
 */
export function openStream(source: string, rule: StreamRule, signal: AbortSignal): Promise<Connection<DecodedFrame>> {
  return openNamed(source, rule, signal, (video) => waitForFirstFrame(video, signal));
}

/** Opens a stream whose packets are read without decoding them, once it says what they are. Rejects as `openStream` does. */
export function openPackets(source: string, rule: StreamRule, signal: AbortSignal): Promise<OpenVideo> {
  return openNamed(source, rule, signal, (video) => Promise.resolve(video));
}

async function openNamed<Opened>(
  source: string,
  rule: StreamRule,
  signal: AbortSignal,
  begin: (video: OpenVideo) => Promise<Opened>,
): Promise<Opened> {
  const url = new URL(source);
  try {
    const options = { libav: optionsFor(rule.transport), timeoutSeconds: rule.patienceSeconds };
    return await begin(await openVideo(source, options, signal));
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw withName(url, translate(url, cause, rule.patienceSeconds));
  }
}

/**
 * Over TCP no packet is lost, so it is tried first. Opening would count frames for two seconds to know a rate that is not
 * used: frames happen when they arrive.
 */
function optionsFor(transport: Transport): string {
  const rtsp = transport === 'auto' ? 'rtsp_transport;udp+tcp|rtsp_flags;prefer_tcp' : `rtsp_transport;${transport}`;
  return `${rtsp}|fpsprobesize;0|analyzeduration;2000000|overrun_nonfatal;1`;
}

async function waitForFirstFrame(video: OpenVideo, signal: AbortSignal): Promise<Connection<DecodedFrame>> {
  const next = /^(?:hls|dash)/.test(video.formatName) ? evenly(() => nextOf(video), video.fps) : () => nextOf(video);
  signal.addEventListener('abort', video.close, { once: true });
  try {
    const first = await next();
    if (first !== undefined) return holdFirstFrame(first, next, video.close);
    throw new Error(video.packets() > 0 ? noKeyFrame : 'ends the stream before its first picture');
  } catch (cause) {
    video.close();
    throw cause;
  } finally {
    signal.removeEventListener('abort', video.close);
  }
}

async function nextOf(video: OpenVideo): Promise<DecodedFrame | undefined> {
  return (await video.grab()) ? video.take() : undefined;
}

/**
 * HLS and DASH bring seconds of video at once, then nothing for seconds: hands the frames out at their own rate, and a little
 * faster, so that they do not fall behind the camera.
 */
function evenly(next: () => Promise<DecodedFrame | undefined>, fps: number) {
  const interval = 0.95 / (fps || usualFps);
  let due = -Infinity;
  return async () => {
    const frame = await next();
    const now = monotonicSeconds();
    if (due > now) await sleep((due - now) * 1000);
    due = Math.max(due, now) + interval;
    return frame;
  };
}

/** Makes of libav's words what they mean for whoever set up the camera. */
function translate(url: URL, cause: unknown, patienceSeconds: number): Error {
  const words = cause instanceof Error ? cause.message : String(cause);
  const status = [...words.matchAll(/(?:failed: |HTTP error )(\d{3})\b/g)].at(-1)?.[1];
  if (status !== undefined) return statusError(Number(status), hasLogin(url));
  const code = unreachable.find(([pattern]) => pattern.test(words))?.[1];
  if (code !== undefined) return unreachableError(url, code, cause);
  if (words === 'no answer') return unreachableError(url, `silent for ${patienceSeconds} s`, cause);
  const codec = /^no decoder: (.*)/.exec(words)?.[1];
  if (codec !== undefined) {
    const name = codec === 'none' ? 'an unknown format' : codec;
    return new Error(`sends video in ${name}, which cannot be decoded here: set the camera to H.264, H.265 or MJPEG`, {
      cause,
    });
  }
  if (words === 'no video')
    return new Error('sends no video, perhaps sound only: check the path of the address', { cause });
  if (words === 'no data') return new Error('takes the connection, but sends nothing for 30 s: restart it', { cause });
  if (/Protocol not found/.test(words)) return new Error(`cannot be reached over ${url.protocol}//`, { cause });
  // The words of this program itself are for people.
  if (words === noKeyFrame || /^(?:ends the stream|the picture is too large)/.test(words))
    return new Error(words, { cause });
  return new Error('answers, but sends no video that ffmpeg understands: check the path of the address', { cause });
}

/** libav's words for a server that cannot be connected to, and the code that Node.js has for it. */
const unreachable: readonly (readonly [RegExp, string])[] = [
  [/Connection refused/, 'ECONNREFUSED'],
  [/resolve hostname/, 'ENOTFOUND'],
  [/No route to host|unreachable/, 'EHOSTUNREACH'],
  [/Connection timed out/, 'ETIMEDOUT'],
  [/Connection reset/, 'ECONNRESET'],
];
