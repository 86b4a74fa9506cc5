import { once } from 'node:events';
import { openOpencvCamera } from '../adapters/opencv/camera.js';
import { i420Picture, type Picture } from '../adapters/opencv/picture.js';
import { turnedEvents } from '../adapters/opencv/turned-picture.js';
import { openRpicamCamera } from '../adapters/camera/rpicam-camera.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import type { Config } from '../runtime/config/config.js';
import { wallSeconds } from '../async/clock.js';

/** The camera that `camera.source` names. */
export function openCamera(config: Config['camera'], signal: AbortSignal): AsyncIterable<CameraEvent<Picture>> {
  const events = openSource(config, signal);
  return config.rotation === 0 ? events : turnedEvents(events, config.rotation / 90);
}

function openSource(config: Config['camera'], signal: AbortSignal): AsyncIterable<CameraEvent<Picture>> {
  const { source, resolution, fps, stall_seconds: stallSeconds, transport, pace, loop, rpicam_options } = config;
  if (source === 'rpicam') {
    return openRpicamCamera({ resolution, fps, stallSeconds, arguments: rpicam_options }, i420Picture, signal);
  }
  return openOpencvCamera({ source, resolution, fps, stallSeconds, transport, pace, loop }, signal);
}

/**
 * The camera's events until `signal` is aborted. When a clip ends, the room is without a camera, and the detector goes on, so
 * that its snapshots can still be fetched.
 */
export async function* cameraEvents(camera: AsyncIterable<CameraEvent<Picture>>, signal: AbortSignal) {
  yield* camera;
  if (signal.aborted) return;
  yield { kind: 'lost', at: wallSeconds(), why: 'the clip has ended' } as const;
  // The signal may have been aborted while the last event was handled: its `abort` event does not come again.
  if (!signal.aborted) await once(signal, 'abort');
}
