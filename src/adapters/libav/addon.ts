import { createRequire } from 'node:module';

/** Our own addon (`native/video`): reads video with libav, and what a process of long life needs of its memory. */
export type VideoAddon = {
  readonly VideoReader: new () => VideoReader;
  /**
   * Makes a gray image (`stride` bytes a row) smaller by a whole factor up to 256, each pixel the mean of a square, into
   * `into`, which has exactly that size. With `videoRange` 16..235 becomes 0..255.
   */
  blockMeans(
    gray: Uint8Array,
    width: number,
    height: number,
    stride: number,
    factor: number,
    videoRange: boolean,
    into: Uint8Array,
  ): void;
  /**
   * Decodes one JPEG, PNG or WebP beside the event loop; undefined where it cannot. With `strict` also a picture of which a
   * part is broken cannot.
   */
  decodePicture(bytes: Uint8Array, strict: boolean): Promise<DecodedFrame | undefined>;
  /**
   * Decodes packets of one stream in their order beside the event loop, of which the first has a key frame, and gives the
   * frame of the last one; undefined where it has none. The packets may be released at once.
   */
  decodePackets(handles: readonly PacketHandle[]): Promise<DecodedFrame | undefined>;
  /** Frees the packet; to be called once, a handle that is left to the garbage collector keeps it. */
  releasePacket(handle: PacketHandle): void;
  /** Encodes an image beside the event loop: three bytes a pixel (blue first), or one where it is gray. */
  encodeJpeg(image: Uint8Array, width: number, height: number, stride: number, gray: boolean): Promise<Buffer>;
  /** Hands free pages between what is allocated to the system, in a tenth of a millisecond for each MB. */
  giveBackMemory(): void;
  /** Ends the process at once, without waiting for threads. */
  endProcess(status: number): never;
};

/** A file, stream or device. One call at a time, except `close`. */
export type VideoReader = {
  /**
   * Opens it beside the event loop. What the header does not say is 0 or not finite.
   * @param source an address, a device, or `file:` and a path
   * @param demuxer of libav; empty where the source itself tells
   * @param options of libav: `name;value|name;value`
   * Rejects with a line of libav's and the lines that it would log, which name the status that a server answered with (and
   * may hold the password), or with `no video`, `no decoder: NAME`, `no answer` or `no data`.
   * @param timeoutMilliseconds for the opening and for each packet; 0 is no limit. The first packets have 30 s, the first
   * frame 90 s.
   */
  open(source: string, demuxer: string, options: string, timeoutMilliseconds: number): Promise<VideoHeader>;
  /**
   * Decodes the next frame beside the event loop; undefined at the end and when none came in time. It is shared with the
   * decoder, not copied, and to be released.
   */
  grab(): Promise<DecodedFrame | undefined>;
  /** The next packet as it comes, not decoded; undefined at the end and when none came in time. From then on `grab` gives nothing. */
  read(): Promise<VideoPacket | undefined>;
  /** How many packets of video have come so far, also without a frame: a stream may be joined long before its next key frame. */
  packets(): number;
  /** Ends an open or grab that waits, too. */
  close(): void;
};

/** What a header says; the size is that of the picture as it is to be shown, 0 in a stream that tells it with a key frame. */
export type VideoHeader = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** How long it lasts. */
  readonly seconds: number;
  /** When it was recorded, ISO 8601; empty where the header does not say. */
  readonly creationTime: string;
  /** libav's name of the format, such as `rtsp` or `hls`. */
  readonly formatName: string;
};

declare const handle: unique symbol;
/** Keeps a packet in the memory of the addon. */
export type PacketHandle = { readonly [handle]: true };
/** A packet of video, not decoded. `seconds` is its time stamp, NaN where it has none. */
export type VideoPacket = {
  readonly isKey: boolean;
  readonly seconds: number;
  readonly bytes: number;
  readonly handle: PacketHandle;
};

/** A frame as it was decoded, before it is turned. */
export type DecodedFrame = {
  readonly width: number;
  readonly height: number;
  /** Quarter turns clockwise that it is still to be given. */
  readonly turns: number;
  /** Its time stamp; NaN where it has none. */
  readonly seconds: number;
  /** luma is 0..255, not 16..235 */
  readonly fullRange: boolean;
  /** Bytes from one row of luma to the next. */
  readonly stride: number;
  /** Bytes from one row of colour to the next, as `bgr` writes them. */
  readonly bgrStride: number;
  /** The luma plane where it lies, empty after `release`; undefined where the frame has none of eight bits. */
  luma(): Uint8Array | undefined;
  /** Writes the colours, blue first, into `bgrStride * height` bytes. */
  bgr(into: Uint8Array): void;
  release(): void;
};

let loaded: VideoAddon | undefined;

/** The addon, loaded at the first call. Throws an Error with the remedy where it cannot be loaded. */
export function videoAddon(): VideoAddon {
  try {
    // package.json says where it is: this file runs from `src`, `dist` and bundles.
    loaded ??= createRequire(import.meta.url)('#video-addon') as VideoAddon;
  } catch (cause) {
    throw new Error('the video addon cannot be loaded (missing or broken): run `npm run setup`', { cause });
  }
  return loaded;
}

/** To be called now and then: pages in which nothing lies any more go back to the system. */
export function giveBackMemory(): void {
  videoAddon().giveBackMemory();
}
