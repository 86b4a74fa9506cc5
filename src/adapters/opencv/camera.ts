import { statSync } from 'node:fs';
import type { CameraEvent } from '../../domain/camera/camera-event.js';
import { createDeviceFinder, deviceOptions, deviceTrouble, type DeviceFinder } from '../libav/video-device.js';
import { connectHttp } from '../camera/http-camera.js';
import { createStreamConnector } from '../camera/stream-connector.js';
import type { DecodedFrame } from '../libav/addon.js';
import { watchCamera, type Connection } from '../camera/live-camera.js';
import { createPictureDecoder } from '../libav/decode-picture.js';
import { openStream, type Transport } from '../libav/stream.js';
import { explain } from '../libav/video.js';
import { pathOf } from './clip.js';
import type { Picture } from './picture.js';
import { playClip } from './playback.js';
import { openVideo, withPictures } from './video.js';

/** `camera.*` of the configuration (docs/contract.md §6), as far as it concerns OpenCV. */
export type OpencvCameraOptions = {
  /** A file, `rtsp://…`, `http://…`, `tcp://…`, `udp://…` or `/dev/video0`. */
  readonly source: string;
  /** Asked of a device; a clip or stream keeps its own. */
  readonly resolution: readonly [number, number];
  readonly fps: number;
  readonly stallSeconds: number;
  readonly transport: Transport;
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
      return playClip(pathOf(options.source), options, signal);
    case 'pipe':
      return watchCamera((stop) => connectPipe(options, stop), options, signal);
    case 'stream':
      return watchCamera(streamConnector(options), options, signal);
    case 'device': {
      const find = createDeviceFinder(options.source);
      return watchCamera((stop) => connectDevice(options, find, stop), options, signal);
    }
  }
}

function kindOf(source: string): 'file' | 'pipe' | 'stream' | 'device' {
  const path = pathOf(source);
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO()) return 'pipe';
  if (path !== source) return 'file';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return 'stream';
  return source.startsWith('/dev/') ? 'device' : 'file';
}

function streamConnector({ source, fps, stallSeconds: patienceSeconds, transport }: OpencvCameraOptions) {
  const connect = createStreamConnector<DecodedFrame>(
    source,
    (url, signal) => connectHttp(url, { fps, patienceSeconds }, createPictureDecoder(), signal),
    (signal) => openStream(source, { transport, patienceSeconds }, signal),
  );
  return async (signal: AbortSignal): Promise<Connection<Picture>> => withPictures(await connect(signal));
}

async function connectPipe(
  { source, stallSeconds: timeoutSeconds }: OpencvCameraOptions,
  signal: AbortSignal,
): Promise<Connection<Picture>> {
  const path = pathOf(source);
  try {
    return await openVideo(`file:${path}`, { timeoutSeconds }, signal);
  } catch (cause) {
    const nothing = cause instanceof Error && /^no (?:answer|data)/.test(cause.message);
    const why = nothing
      ? `nothing was written for ${timeoutSeconds} s`
      : explain(cause, 'what is written is no video that ffmpeg understands');
    throw new Error(`the pipe ${path}: ${why}`, { cause });
  }
}

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
