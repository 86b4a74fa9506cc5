/** A gray picture, one byte a pixel, row after row without padding. */
export type Gray = { readonly width: number; readonly height: number; readonly pixels: Uint8Array };

/** A rectangle in shares of the frame (0 to 1), from the top left. */
export type Region = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** What one frame says about the room, before any debouncing. */
export type Judgement = {
  /** Something of a person's size moves in this frame. */
  readonly moving: boolean;
  /** A sign of somebody still; means nothing in a room that is not occupied. */
  readonly present: boolean;
  /** Share of the frame that changed (0 to 1). */
  readonly changed: number;
  /** Share of the frame that moved but was not believed: leaves, water, a lamp, what is too small. None is none. */
  readonly disbelieved?: number;
  /** The share above which `changed` counts as motion, for charts. */
  readonly threshold: number;
  /** Who is there, for people to look at; empty unless `moving` or `present`. */
  readonly regions: readonly Region[];
  /** Why a change was not taken for motion, said once an event: `light_change`, ... */
  readonly suppressed: string | undefined;
  /** False while the empty scene is still being learned: nothing may be reported. */
  readonly ready: boolean;
};

/** A frame in which nothing happens. */
export const calm: Judgement = {
  moving: false,
  present: false,
  changed: 0,
  threshold: 0,
  regions: [],
  suppressed: undefined,
  ready: true,
};
