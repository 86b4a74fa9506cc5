import type { Change } from './change-map.js';

/** A lamp reaches much of the frame and leaves most textures; at a switch in the dark, noise looks like texture. */
const WIDE = { share: 0.25, structural: 0.35 };
/** A desk lamp reaches less, but then hardly a texture changes. */
const LOCAL = { share: 0.03, structural: 0.18 };
/** Exposure, gain and the lamp itself settle within so long. */
const SETTLING_SECONDS = 6;

/** Tells a change of light from a thing that moves, and remembers it while the picture settles. */
export function createLightWatch() {
  let settledAt = -Infinity;
  let lit = false;
  return {
    /** @returns whether this change is one of light, and whether it is the first of its event */
    observe(change: Change, at: number): { light: boolean; begins: boolean; settling: boolean } {
      const structural = change.share > 0 ? change.structuralShare / change.share : 1;
      const light =
        (change.share > WIDE.share && structural < WIDE.structural) ||
        (change.share > LOCAL.share && structural < LOCAL.structural);
      const begins = light && !lit;
      lit = light;
      if (light) settledAt = at + SETTLING_SECONDS;
      return { light, begins, settling: at < settledAt };
    },
  };
}
