import type { Connection } from '../camera/live-camera.js';
import { videoAddon, type DecodedFrame, type VideoHeader, type VideoReader } from './addon.js';

/** An open video. `fps` and `seconds` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<DecodedFrame> &
  Pick<VideoHeader, 'fps' | 'seconds' | 'creationTime' | 'formatName'> &
  Pick<VideoReader, 'packets' | 'read'>;

/** How a video is opened. */
export type VideoOptions = {
  /** libav's name of the format, where the source does not tell it: `video4linux2` for a device. */
  readonly demuxer?: string;
  /** Options of libav and its protocols, `name;value|name;value`. */
  readonly libav?: string;
  /** Opening and every grab give up after this long without data (at first half a minute); 0 or nothing: never. */
  readonly timeoutSeconds?: number;
};

/** Opens a file, stream or device beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openVideo(
  source: string,
  { demuxer = '', libav = '', timeoutSeconds = 0 }: VideoOptions,
  signal?: AbortSignal,
): Promise<OpenVideo> {
  const reader = new (videoAddon().VideoReader)();
  const opening = reader.open(source, demuxer, libav, Math.round(timeoutSeconds * 1000));
  const { width, height, fps, seconds, creationTime, formatName } = await unlessAborted(opening, reader, signal);
  let waiting = false;
  let grabbed: DecodedFrame | undefined;
  let closed = false;
  const release = () => {
    grabbed?.release();
    grabbed = undefined;
  };
  const wait = async <T>(work: Promise<T>): Promise<T> => {
    waiting = true;
    try {
      return await work;
    } finally {
      waiting = false;
    }
  };
  return {
    width,
    height,
    fps: sensible(fps),
    seconds: sensible(seconds),
    creationTime,
    formatName,
    packets: () => reader.packets(),
    read: () => wait(reader.read()),
    async grab() {
      release();
      grabbed = await wait(reader.grab());
      if (closed) release();
      return grabbed !== undefined;
    },
    take() {
      const taken = grabbed;
      if (taken === undefined) throw new Error('no frame was grabbed');
      grabbed = undefined;
      return taken;
    },
    close() {
      if (waiting) doNotWaitAtExit();
      closed = true;
      release();
      reader.close();
    },
  };
}

/** Waits for the opening, or for the signal: a name server, for one, may keep the thread. */
function unlessAborted(opening: Promise<VideoHeader>, reader: VideoReader, signal: AbortSignal | undefined) {
  if (signal === undefined) return opening;
  return new Promise<VideoHeader>((resolve, reject) => {
    const giveUp = () => {
      doNotWaitAtExit();
      reader.close();
      reject(new Error('stopped'));
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** What the reader's error says about the source, for a person; `otherwise` where it has only libav's few words. */
export function explain(error: unknown, otherwise: string): string {
  return error instanceof Error && error.message.startsWith('the picture is too large') ? error.message : otherwise;
}

let atOnce = false;
/** Node waits at its end for the threads of its pool; one that waits for a camera must not hold up a clean stop. */
function doNotWaitAtExit(): void {
  if (atOnce) return;
  atOnce = true;
  process.once('exit', (status) => videoAddon().endProcess(status));
}

function sensible(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
