import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import { watchCamera, type Connection } from './live-camera.js';
import { startRpicam } from './rpicam-process.js';
import { findStride, frameBytes } from './rpicam-stride.js';

/** The keys of `camera.*` that a Raspberry Pi's camera needs (docs/contract.md §6). */
export type RpicamOptions = {
  readonly resolution: readonly [number, number];
  readonly fps: number;
  readonly stallSeconds: number;
  /** further ones of `rpicam-vid`: `--camera`, `1`, `--tuning-file`, … */
  readonly arguments: readonly string[];
};

/** Makes an image from one planar YUV 4:2:0 frame whose rows take `stride` bytes each; may keep the bytes. */
export type FromI420<Image> = (bytes: Buffer, width: number, height: number, stride: number) => Image;

/**
 * The camera of a Raspberry Pi, through the program `rpicam-vid` (package rpicam-apps), which writes raw frames to a pipe.
 * Never ends by itself (see `watchCamera`); when the program ends, `lost` gives its own error message as the reason.
 */
export function openRpicamCamera<Image extends LoanedImage>(
  options: RpicamOptions,
  fromI420: FromI420<Image>,
  signal: AbortSignal,
): AsyncIterable<CameraEvent<Image>> {
  return watchCamera((stop) => connectRpicam(options, fromI420, stop), options, signal);
}

async function connectRpicam<Image>(
  { resolution, fps, stallSeconds, arguments: further }: RpicamOptions,
  fromI420: FromI420<Image>,
  signal: AbortSignal,
): Promise<Connection<Image>> {
  // The chroma planes have half the rows and columns, so both numbers are even.
  const [width, height] = resolution.map((length) => Math.max(2, length - (length % 2))) as [number, number];
  const size = ['--width', String(width), '--height', String(height), '--framerate', String(fps)];
  const program = startRpicam(['-t', '0', '-n', '--codec', 'yuv420', ...size, ...further, '-o', '-']);
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    program.kill();
  }, stallSeconds * 1000);
  signal.addEventListener('abort', program.kill, { once: true });
  try {
    const stride = await findStride(program.output, width, height);
    if (stride === undefined) throw new Error(await program.ended);
    const length = frameBytes(stride, height);
    let bytes: Buffer = Buffer.alloc(0);
    return {
      width,
      height,
      async grab() {
        const next = await program.read(length);
        if (next === undefined) throw new Error(await program.ended);
        bytes = next;
        return true;
      },
      take: () => fromI420(bytes, width, height, stride),
      close: program.kill,
    };
  } catch (cause) {
    program.kill();
    throw silent && !signal.aborted ? new Error(`rpicam-vid sends no picture for ${stallSeconds} s`, { cause }) : cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', program.kill);
  }
}
