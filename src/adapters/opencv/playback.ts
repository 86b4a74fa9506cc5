import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraEvent } from '../../domain/camera/camera-event.js';
import { createFramePace } from '../../domain/camera/frame-pace.js';
import { openClip, whyItBreaksOff, type Clip } from './clip.js';
import type { Picture } from './picture.js';

/** How a file is played. */
export type PlaybackRule = {
  /** Frames given on a second of the clip, at most. */
  readonly fps: number;
  readonly pace: 'realtime' | 'fast';
  readonly loop: boolean;
};

const retrySeconds = 1;

/**
 * Plays a file as if it were a camera: each frame happens at its own second after the start, on through every repetition. In
 * `realtime` a frame comes when it happens, and one that would come late is dropped and counted; `fast` drops none for being
 * late. Each repetition says `opened`, since the scene jumps; a clip of one picture is repeated once a second. Throws an Error where the file cannot be read at the start; a
 * file that breaks off, or cannot be opened again, is `lost` (and tried again when it is to loop).
 */
export async function* playClip(
  path: string,
  rule: PlaybackRule,
  signal: AbortSignal,
): AsyncGenerator<CameraEvent<Picture>, void, undefined> {
  let clip: Clip | undefined = await openClip(path, signal);
  let startsAt = seconds();
  let said: string | undefined;
  let isStill = false;
  while (!signal.aborted) {
    let why: string | undefined;
    try {
      clip ??= await openClip(path, signal);
      const { frames, seconds: played }: Played = yield* playOnce(clip, startsAt, isStill, rule, signal);
      if (signal.aborted) return;
      isStill = frames === 1;
      startsAt += isStill ? 1 : played;
      why = whyItBreaksOff(clip, frames, played);
      if (why === undefined) said = undefined;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    clip = undefined;
    if (why !== undefined && why !== said) yield { kind: 'lost', at: startsAt, why };
    said = why;
    if (!rule.loop) return;
    if (why !== undefined) {
      await sleep(retrySeconds * 1000, undefined, { signal }).catch(() => {});
      startsAt = Math.max(startsAt, seconds());
    }
  }
}

type Played = { readonly frames: number; readonly seconds: number };

async function* playOnce(
  clip: Clip,
  startsAt: number,
  isRepeatedStill: boolean,
  rule: PlaybackRule,
  signal: AbortSignal,
): AsyncGenerator<CameraEvent<Picture>, Played, undefined> {
  const due = createFramePace(rule.fps);
  let frames = 0;
  let played = 0;
  let dropped = 0;
  let askedAt = seconds();
  try {
    if (!isRepeatedStill) yield { kind: 'opened', at: startsAt, width: clip.width, height: clip.height };
    while (!signal.aborted) {
      const next = await clip.read();
      if (next === undefined) break;
      const { picture: image, atSeconds } = next;
      frames++;
      played = atSeconds + 1 / clip.fps;
      try {
        const at = startsAt + atSeconds;
        const now = seconds();
        const late = now - at;
        // A machine too slow for the clip still gets a frame for every second it waits.
        const tooLate = rule.pace === 'realtime' && late > 2 / clip.fps && now - askedAt < 1;
        if (tooLate || !due(at)) {
          dropped++;
          continue;
        }
        if (rule.pace === 'realtime' && late < 0) await sleep(-late * 1000, undefined, { signal }).catch(() => {});
        if (signal.aborted) break;
        yield { kind: 'frame', at, image, dropped };
        askedAt = seconds();
        dropped = 0;
      } finally {
        image.release();
      }
    }
  } finally {
    clip.close();
  }
  return { frames, seconds: played };
}

/** Since the Unix epoch, but steady: a clock that is set must neither stop a film nor make it race. */
function seconds(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}
