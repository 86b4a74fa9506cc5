import { wallSeconds } from '../../async/clock.js';
import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import type { StreamPacket } from '../../domain/camera/recent-packets.js';
import { connectHttp, type HttpCameraRule } from '../camera/http-camera.js';
import type { Connection } from '../camera/live-camera.js';
import { createStreamConnector } from '../camera/stream-connector.js';
import { videoAddon, type DecodedFrame, type PacketHandle, type VideoPacket } from '../libav/addon.js';
import { createPictureDecoder } from '../libav/decode-picture.js';
import { openPackets, type StreamRule } from '../libav/stream.js';
import type { OpenVideo } from '../libav/video.js';

/** A packet of video, or a picture that came alone, as the camera sent it. */
export type Undecoded = LoanedImage & StreamPacket & { readonly content: PacketHandle | Uint8Array };

/** How a stream is read that is not decoded. */
export type UndecodedRule = StreamRule & {
  /** Waits until a still picture is to be asked for. */
  readonly untilStillDue: NonNullable<HttpCameraRule['untilStillDue']>;
  /** When the still picture that has just arrived was asked for; undefined for a stream. */
  readonly stillAskedAt: () => number | undefined;
};

/** Makes the function that connects to a stream whose packets or pictures are not decoded. */
export function createUndecodedConnector(source: string, rule: UndecodedRule) {
  const wrap = (jpeg: Uint8Array) => Promise.resolve(undecodedPicture(jpeg, rule.stillAskedAt() ?? wallSeconds()));
  return createStreamConnector<Undecoded>(
    source,
    (url, signal) => connectHttp(url, { ...rule, fps: 1 }, wrap, signal),
    async (signal) => packetsOf(await openPackets(source, rule, signal)),
  );
}

function undecodedPicture(jpeg: Uint8Array, at: number): Undecoded {
  return {
    content: jpeg,
    at,
    seconds: NaN,
    isKey: true,
    bytes: jpeg.length,
    width: 0,
    height: 0,
    release: () => undefined,
  };
}

function packetsOf({ width, height, read, close }: OpenVideo): Connection<Undecoded> {
  let grabbed: VideoPacket | undefined;
  return {
    width,
    height,
    async grab() {
      grabbed = await read();
      return grabbed !== undefined;
    },
    take() {
      if (grabbed === undefined) throw new Error('no packet was grabbed');
      const { handle, seconds, isKey, bytes } = grabbed;
      const release = () => videoAddon().releasePacket(handle);
      return { content: handle, at: wallSeconds(), seconds, isKey, bytes, width, height, release };
    },
    close,
  };
}

/**
 * Makes the function that decodes the last packet of a group, which begins with a key frame; undefined where it is broken. They
 * may be released as soon as it has returned its promise.
 */
export function createGroupDecoder() {
  const decodePicture = createPictureDecoder();
  return async (group: readonly Undecoded[]): Promise<DecodedFrame | undefined> => {
    const last = group.at(-1)?.content;
    if (last instanceof Uint8Array) return decodePicture(last);
    const handles = group.flatMap(({ content }) => (content instanceof Uint8Array ? [] : [content]));
    return videoAddon().decodePackets(handles);
  };
}
