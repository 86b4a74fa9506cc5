import { videoAddon, type DecodedFrame } from './addon.js';

/** Decodes one picture; undefined where it is broken. */
export type DecodePicture = (bytes: Uint8Array) => Promise<DecodedFrame | undefined>;

/** A camera of which this many pictures in a row have a fault always sends them so. */
const habit = 5;

/**
 * Makes the decoder of one camera that sends separate pictures. A picture with a broken part is left out: its gray half would
 * be motion. Some cameras never send one without a small fault; their pictures are taken as they are.
 */
export function createPictureDecoder(): DecodePicture {
  let faulty = 0;
  return async (bytes) => {
    const { decodePicture } = videoAddon();
    const frame = await decodePicture(bytes, true);
    faulty = frame === undefined ? faulty + 1 : 0;
    return faulty > habit ? decodePicture(bytes, false) : frame;
  };
}
