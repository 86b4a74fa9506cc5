import type { Judgement, Region } from '../motion/judgement.js';
import type { MotionEvent, RoomStatus, SnapshotReceipt } from '../contract/payloads.js';
import type { SnapshotSchedule } from '../snapshots/schedule.js';

/** Motion in progress: from the frame that started it until no frame has moved for `motionHoldSeconds`. */
export type Motion = { readonly startedAt: number; readonly lastMovingAt: number; readonly snapshots: number };

/** What is known about the people in the room. `streak` counts consecutive moving frames. */
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

/** The whole state of a room between two inputs. Times are seconds since the Unix epoch. */
export type Room = {
  readonly occupancy: Occupancy;
  readonly camera: 'absent' | 'open';
  /** when the warm-up began */
  readonly warmingSince: number;
  readonly lastFrameAt: number | undefined;
  readonly schedule: SnapshotSchedule;
  /** a command asked for a snapshot; the next frame becomes it */
  readonly snapshotRequested: boolean;
  /** the room status as it was last published */
  readonly published: RoomStatus;
};

/** The thresholds and times that apply to a room; each of them may change between two frames. */
export type RoomRule = {
  readonly room: string;
  readonly armed: boolean;
  readonly warmupSeconds: number;
  readonly framesToMove: number;
  readonly vacancySeconds: number;
  readonly minSecondsBetweenSnapshots: number;
};

/** One thing that happened to a room. `at` is seconds since the Unix epoch. */
export type RoomInput =
  | { readonly kind: 'opened'; readonly at: number }
  | { readonly kind: 'lost'; readonly at: number }
  | { readonly kind: 'rule_changed'; readonly at: number }
  | { readonly kind: 'snapshot_requested' }
  /** `judgement` is undefined while the room is disarmed: frames are not analysed then */
  | { readonly kind: 'frame'; readonly at: number; readonly judgement: Judgement | undefined };

/** A snapshot to take of the frame at hand. */
export type SnapshotOrder = Pick<SnapshotReceipt, 'id' | 'visit' | 'reason'> & {
  readonly at: number;
  readonly regions: readonly Region[];
  /** the room's status at that frame, to be written on the picture */
  readonly occupied: boolean;
};

/** What the shell has to publish or do, in this order. */
export type Effect =
  | { readonly kind: 'room_status'; readonly status: RoomStatus }
  | { readonly kind: 'motion'; readonly event: MotionEvent }
  | { readonly kind: 'snapshot'; readonly order: SnapshotOrder };

/** Makes a UUIDv7 for an event at `at` (seconds since the Unix epoch). */
export type NewId = (at: number) => string;
