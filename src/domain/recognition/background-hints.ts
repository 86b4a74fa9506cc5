import type { BackgroundHints } from '../motion/motion-detector.js';
import { whatMoves } from './motion-evidence.js';
import type { Recognition } from './recognition.js';
import type { Scene } from './scene.js';

/** A box that was found this lately is still where it was. */
const FRESH_SECONDS = 45;

/** What recognition knows for the background model, for this frame. */
export function backgroundHints({ places, motion }: Recognition, { at, movers }: Scene): BackgroundHints {
  const keep = places.filter((place) => place.recognised && at - place.lastFoundAt < FRESH_SECONDS);
  const nobody = motion !== undefined && ['other', 'nobody'].includes(whatMoves(motion));
  return { keep, absorb: nobody ? movers : [] };
}
