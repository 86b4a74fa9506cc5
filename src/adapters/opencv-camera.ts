import type { CameraEvent } from '../domain/camera-event.js';
import { watchCamera, type Connection } from './live-camera.js';
import { openCapture } from './opencv-capture.js';
import type { Picture } from './opencv-picture.js';
import { playClip } from './opencv-playback.js';
import { greet } from './opencv-greeting.js';

/** `camera.*` of the configuration (CONTRACT.md §6), as far as it concerns OpenCV. */
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
 * stream or device never ends by itself (see `watchCamera`). Iterating ends within a second of the signal, also while
 * a read hangs; such a read holds one thread, and with it the end of the process, for `readTimeout` seconds at most.
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
    case 'device':
      return watchCamera(() => connectDevice(options), options, signal);
  }
}

function kindOf(source: string): 'file' | 'stream' | 'device' {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return 'stream';
  return source.startsWith('/dev/') ? 'device' : 'file';
}

async function connectStream(options: OpencvCameraOptions, signal: AbortSignal): Promise<Connection<Picture>> {
  const url = new URL(options.source);
  const seconds = readTimeout(options.stallSeconds);
  // OpenCV opens a stream in the main thread: nothing else would run while it waits for a camera that does not answer.
  await greet(url, seconds, signal);
  try {
    return openCapture(options.source, {
      backend: 'ffmpeg',
      ffmpeg: streamOptions(seconds),
      lateSeconds: seconds * 0.95,
    });
  } catch (cause) {
    throw new Error(`${url.host} answers, but sends no video that ffmpeg understands`, { cause });
  }
}

/** Time-outs in microseconds. `timeout` is a socket's in ffmpeg 5 and newer (`stimeout` before), also under RTSP over TCP. */
function streamOptions(seconds: number): string {
  const microseconds = Math.round(seconds * 1e6);
  return [
    'rtsp_transport;tcp',
    `timeout;${microseconds}`,
    `rw_timeout;${microseconds}`,
    // Opening would count frames for two seconds to know a rate that is not used: frames happen when they arrive.
    'fpsprobesize;0',
    'analyzeduration;2000000',
    'threads;1',
  ].join('|');
}

/** Seconds a socket may be silent: under the 5 s of a clean stop, unless `stall_seconds` asks for much patience. */
function readTimeout(stallSeconds: number): number {
  return Math.min(stallSeconds, Math.max(3, stallSeconds * 0.3));
}

function connectDevice(options: OpencvCameraOptions): Promise<Connection<Picture>> {
  const [width, height] = options.resolution;
  return new Promise((resolve) => {
    try {
      resolve(openCapture(options.source, { backend: 'v4l2', ask: { width, height, fps: options.fps } }));
    } catch (cause) {
      throw new Error(`${options.source} cannot be opened: not there, busy, or not a camera`, { cause });
    }
  });
}
