import type { CameraEvent } from '../../domain/camera/camera-event.js';
import { explain } from '../libav/video.js';
import { createDeviceFinder, deviceOptions, deviceTrouble, type DeviceFinder } from '../libav/video-device.js';
import { watchCamera, type Connection } from '../camera/live-camera.js';
import type { Picture } from './picture.js';
import { playClip } from './playback.js';
import { probe } from '../camera/probe.js';
import { openVideo } from './video.js';

/** `camera.*` of the configuration (docs/contract.md §6), as far as it concerns OpenCV. */
export type OpencvCameraOptions = {
  /** A file, `rtsp://…`, `http://…` (MJPEG) or `/dev/video0`. */
  readonly source: string;
  /** Asked of a device; a clip or stream keeps its own. */
  readonly resolution: readonly [number, number];
  readonly fps: number;
  readonly stallSeconds: number;
  readonly pace: 'realtime' | 'fast';
  readonly loop: boolean;
};

/**
 * A camera that OpenCV can read. A file ends the iteration at its end and throws where it cannot be read at the start; a
 * stream or device never ends by itself (see `watchCamera`). Iterating ends at once when the signal says so, also while OpenCV
 * waits for a camera in a thread of its own.
 */
export function openOpencvCamera(
  options: OpencvCameraOptions,
  signal: AbortSignal,
): AsyncIterable<CameraEvent<Picture>> {
  switch (kindOf(options.source)) {
    case 'file':
      return playClip(options.source, options, signal);
    case 'stream':
      return watchCamera((stop) => connectStream(options, stop), options, signal);
    case 'device': {
      const find = createDeviceFinder(options.source);
      return watchCamera((stop) => connectDevice(options, find, stop), options, signal);
    }
  }
}

function kindOf(source: string): 'file' | 'stream' | 'device' {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return 'stream';
  return source.startsWith('/dev/') ? 'device' : 'file';
}

async function connectStream(options: OpencvCameraOptions, signal: AbortSignal): Promise<Connection<Picture>> {
  const url = new URL(options.source);
  // What is wrong with a camera that does not answer is told here in more words than by ffmpeg's refusal.
  await probe(url, options.stallSeconds, signal);
  try {
    const timeoutSeconds = options.stallSeconds;
    return await openVideo(options.source, { libav: streamOptions, timeoutSeconds }, signal);
  } catch (cause) {
    const why = explain(cause, 'sends no video that ffmpeg understands');
    throw new Error(`${url.host} answers, but ${why}`, { cause });
  }
}

/**
 * Over TCP no packet is lost. Opening would count frames for two seconds to know a rate that is not used: frames happen
 * when they arrive.
 */
const streamOptions = 'rtsp_transport;tcp|fpsprobesize;0|analyzeduration;2000000';

async function connectDevice(
  { source, resolution, fps, stallSeconds: timeoutSeconds }: OpencvCameraOptions,
  find: DeviceFinder,
  signal: AbortSignal,
): Promise<Connection<Picture>> {
  const device = await find();
  let words = '';
  // The device gives what comes nearest to size and rate.
  for (const libav of deviceOptions(resolution, fps)) {
    try {
      return await openVideo(device, { demuxer: 'video4linux2', libav, timeoutSeconds }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      words = error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error(deviceTrouble(source, words));
}
