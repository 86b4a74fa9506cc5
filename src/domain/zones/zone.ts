import type { ZoneStatus } from '../contract/payloads.js';
import type { MotionStreak } from '../room/motion-streak.js';
import type { Polygon } from './polygon.js';

/** A part of the picture with an occupancy of its own. */
export type Zone = { readonly name: string; readonly polygon: Polygon };

/** What is known of one zone between two frames. Times are seconds since the Unix epoch. */
export type ZoneState = {
  readonly name: string;
  /** undefined while the zone is not occupied */
  readonly stay:
    | {
        readonly lastSignAt: number;
        /** a person was recognised in the zone during the stay */
        readonly confirmed: boolean;
      }
    | undefined;
  /** when somebody was last seen in the zone, -Infinity for never */
  readonly seenAt: number;
  /** frames in a row with motion in the zone */
  readonly streak: MotionStreak;
  readonly moving: boolean;
  readonly lastMovingAt: number;
  /** as it was last published */
  readonly published: ZoneStatus;
};

/** The zones of a room. */
export type Zones = {
  /** when somebody was last seen anywhere */
  readonly seenAt: number;
  readonly states: readonly ZoneState[];
};
