import type { Judgement, Region } from '../motion/judgement.js';
import type { MotionEvent, RoomStatus, SnapshotReceipt } from '../contract/payloads.js';
import type { SnapshotSchedule } from '../snapshots/schedule.js';

/** Motion that is going on: from its first announced frame until it has been still for `motionHoldSeconds`. */
export type Motion = { readonly startedAt: number; readonly lastMovingAt: number; readonly snapshots: number };

/** Who is in the room, as far as it can be known. */
export type Occupancy =
  | { readonly kind: 'unknown'; readonly reason: 'warming_up' | 'camera_lost' | 'disarmed' }
  | { readonly kind: 'vacant'; readonly streak: number }
  | {
      readonly kind: 'occupied';
      readonly visit: string;
      readonly streak: number;
      readonly lastSignAt: number;
      readonly motion: Motion | undefined;
    };

/** Everything the room remembers from one input to the next. Times are seconds since the Unix epoch. */
export type Room = {
  readonly occupancy: Occupancy;
  readonly camera: 'absent' | 'open';
  /** when the warm-up began */
  readonly warmingSince: number;
  readonly lastFrameAt: number | undefined;
  readonly schedule: SnapshotSchedule;
  readonly published: RoomStatus;
};

/** What the room is judged by; any of it may change between two frames. */
export type RoomRule = {
  readonly room: string;
  readonly armed: boolean;
  readonly warmupSeconds: number;
  readonly framesToMove: number;
  readonly vacancySeconds: number;
  readonly minSecondsBetweenSnapshots: number;
};

/** What happens to a room. */
export type RoomInput =
  | { readonly kind: 'opened'; readonly at: number }
  | { readonly kind: 'lost'; readonly at: number }
  | { readonly kind: 'rule_changed'; readonly at: number }
  | {
      readonly kind: 'frame';
      readonly at: number;
      /** undefined while disarmed: nothing is judged then */
      readonly judgement: Judgement | undefined;
      /** somebody asked for a picture of this frame */
      readonly asked: boolean;
    };

/** A picture to take of the frame at hand. */
export type SnapshotOrder = Pick<SnapshotReceipt, 'id' | 'visit' | 'reason'> & {
  readonly at: number;
  readonly regions: readonly Region[];
};

/** What the shell is to say or do, in the order given. */
export type Effect =
  | { readonly kind: 'room_status'; readonly status: RoomStatus }
  | { readonly kind: 'motion'; readonly event: MotionEvent }
  | { readonly kind: 'snapshot'; readonly order: SnapshotOrder };

/** Makes a UUIDv7 for something that happens at `at` (seconds). */
export type NewId = (at: number) => string;
