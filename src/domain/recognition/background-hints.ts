import type { Region } from '../motion/judgement.js';
import { whatMoves } from './motion-evidence.js';
import type { Recognition } from './recognition.js';
import type { Scene } from './scene.js';

/** What the background model is to do with parts of the frame: shares, from the top left. */
export type BackgroundHints = {
  /** recognised people: not to be learned, however still they are */
  readonly keep: readonly Region[];
  /** recognised as something else: may be learned at once */
  readonly absorb: readonly Region[];
};

/** A box that was found this lately is still where it was. */
const FRESH_SECONDS = 45;

/** What recognition knows for the background model, for this frame. */
export function backgroundHints({ places, motion }: Recognition, { at, movers }: Scene): BackgroundHints {
  const keep = places.filter((place) => place.recognised && at - place.lastFoundAt < FRESH_SECONDS);
  const nobody = motion !== undefined && ['other', 'nobody'].includes(whatMoves(motion));
  return { keep, absorb: nobody ? movers : [] };
}
