/** A gray picture, one byte a pixel, row after row without padding. */
export type Gray = { readonly width: number; readonly height: number; readonly pixels: Uint8Array };

/** A rectangle in shares of the frame (0 to 1), from the top left. */
export type Region = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** what was recognised there, and how certain that is (0 to 1) */
  readonly label?: string;
  readonly score?: number;
};

/** What one frame says about the room, before any debouncing. */
export type Judgement = {
  /** Something the size of a person moves in this frame. */
  readonly moving: boolean;
  /** There are signs of a person who keeps still; has no meaning while the room is not occupied. */
  readonly present: boolean;
  /** Share of the frame whose change counts (0 to 1). */
  readonly changed: number;
  /** Share of the frame that moved but was rejected: leaves, water, a lamp, too small. Undefined if nothing is ever rejected. */
  readonly rejected?: number;
  /** The share from which `changed` counts as motion, for charts. */
  readonly threshold: number;
  /** Where people are, for pictures and events; empty unless `moving` or `present`. */
  readonly regions: readonly Region[];
  /** Why a change does not count as motion (`light_change`, ...); set on the first frame of an event only. */
  readonly suppressed: string | undefined;
  /** False while the empty scene is still being learned: nothing may be reported. */
  readonly ready: boolean;
};

/** The judgement of a frame in which nothing moves. */
export const calm: Judgement = {
  moving: false,
  present: false,
  changed: 0,
  threshold: 0,
  regions: [],
  suppressed: undefined,
  ready: true,
};
