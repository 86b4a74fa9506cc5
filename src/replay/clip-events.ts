import { framesOfClip, type Clip, type ClipFrame } from '../adapters/opencv/clip.js';
import type { Picture } from '../adapters/opencv/picture.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import { createFramePace } from '../domain/camera/frame-pace.js';

/**
 * The camera events of a clip that began at `beganAt` as fast as they are read, on its own time axis; at most `fps` frames a second of it. Calls
 * `passed` for every decoded frame, after the room has handled it if it was an event. Ends early once the signal is aborted.
 */
export async function* clipEvents(
  clip: Clip,
  beganAt: number,
  fps: number,
  passed: (frame: ClipFrame) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<CameraEvent<Picture>, void, undefined> {
  const due = createFramePace(fps);
  yield { kind: 'opened', at: beganAt, width: clip.width, height: clip.height };
  for await (const frame of framesOfClip(clip)) {
    if (signal.aborted) return;
    const { atSeconds, picture } = frame;
    if (due(atSeconds)) yield { kind: 'frame', at: beganAt + atSeconds, image: picture, dropped: 0 };
    await passed(frame);
  }
}
