import type { Change } from './change-map.js';

/** A room lamp changes much of the frame but few textures; when it is switched in the dark, noise looks like texture. */
const ROOM_LAMP = { changed: 0.25, structural: 0.35 };
/** A desk lamp changes less of the frame, but then hardly any texture. */
const DESK_LAMP = { changed: 0.03, structural: 0.18 };
/** Exposure, gain and the lamp itself settle within this time. */
const SETTLING_SECONDS = 6;

/** What one frame says about the light; `begins` is true on the first frame of a change only. */
export type LightChange = { readonly changing: boolean; readonly begins: boolean; readonly settling: boolean };

/** Tells a change of the light from an object that moves: `settling` stays true for some seconds after it. */
export function createLightChangeDetector() {
  let settledAt = -Infinity;
  let wasChanging = false;
  return {
    detect(change: Change, at: number): LightChange {
      const structural = change.changedShare > 0 ? change.structuralShare / change.changedShare : 1;
      const changing =
        (change.changedShare > ROOM_LAMP.changed && structural < ROOM_LAMP.structural) ||
        (change.changedShare > DESK_LAMP.changed && structural < DESK_LAMP.structural);
      const begins = changing && !wasChanging;
      wasChanging = changing;
      if (changing) settledAt = at + SETTLING_SECONDS;
      return { changing, begins, settling: at < settledAt };
    },
  };
}
