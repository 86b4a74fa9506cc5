import type { Judgement, Region } from '../motion/judgement.js';
import type { MotionEvent, RoomStatus, SnapshotReceipt, ZoneStatus } from '../contract/payloads.js';
import type { Verdict } from '../recognition/verdict.js';
import type { SnapshotSchedule } from '../snapshots/schedule.js';
import type { Whereabouts } from '../zones/whereabouts.js';
import type { Zone, Zones } from '../zones/zone.js';
import type { MotionRequirement, MotionStreak } from './motion-streak.js';

/** Motion in progress: from the frame that started it until no frame has moved for `motionHoldSeconds`. */
export type Motion = {
  /** the visit that the motion belongs to, or starts if it occupies the room */
  readonly visit: string;
  readonly startedAt: number;
  readonly lastMovingAt: number;
  readonly snapshots: number;
  /** the room was occupied at some time during the motion */
  readonly occupied: boolean;
};

/** What is known about the people in the room. */
export type Occupancy =
  | { readonly kind: 'unknown'; readonly reason: 'warming_up' | 'camera_lost' | 'disarmed' }
  | { readonly kind: 'vacant' }
  | {
      readonly kind: 'occupied';
      readonly visit: string;
      readonly beganAt: number;
      readonly lastSignAt: number;
      /** a person was recognised during the visit */
      readonly confirmed: boolean;
      /** snapshots of the visit */
      readonly snapshots: number;
      /** the visit's first frame, held as long as its first snapshot waits for a good look */
      readonly held: SnapshotOrder | undefined;
    };

/** The whole state of a room between two inputs. Times are seconds since the Unix epoch. */
export type Room = {
  readonly occupancy: Occupancy;
  readonly motion: Motion | undefined;
  /** moving frames in a row */
  readonly streak: MotionStreak;
  readonly camera: 'absent' | 'open' | 'frozen';
  /** when the warm-up began */
  readonly warmingSince: number;
  readonly lastFrameAt: number | undefined;
  /** time between the last two frames */
  readonly frameSeconds: number;
  readonly schedule: SnapshotSchedule;
  /** a command asked for a snapshot; the next frame becomes it */
  readonly snapshotRequested: boolean;
  /** people recognised at the last look; null where nothing looks */
  readonly people: number | null;
  /** how many times something moved without occupying the room */
  readonly ignoredMotions: number;
  readonly zones: Zones;
  /** the room status as it was last published */
  readonly published: RoomStatus;
};

/** The thresholds and times that apply to a room; each of them may change between two frames. */
export type RoomRule = MotionRequirement & {
  readonly room: string;
  readonly armed: boolean;
  readonly warmupSeconds: number;
  readonly vacancySeconds: number;
  readonly minSecondsBetweenSnapshots: number;
  readonly zones: readonly Zone[];
};

/** One thing that happened to a room. `at` is seconds since the Unix epoch. */
export type RoomInput =
  | { readonly kind: 'opened'; readonly at: number }
  | { readonly kind: 'resized' | 'frozen' | 'thawed'; readonly at: number }
  | { readonly kind: 'lost'; readonly at: number }
  | { readonly kind: 'rule_changed'; readonly at: number }
  | { readonly kind: 'snapshot_requested' }
  | {
      readonly kind: 'frame';
      readonly at: number;
      /** undefined while the room is disarmed: frames are not analysed then */
      readonly judgement: Judgement | undefined;
      /** undefined where nothing is recognised: motion alone decides */
      readonly verdict?: Verdict | undefined;
      /** for the zones; where there are none, it may be missing */
      readonly where?: Whereabouts | undefined;
    };

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
  | { readonly kind: 'zone_status'; readonly status: ZoneStatus }
  | { readonly kind: 'motion'; readonly event: MotionEvent }
  | { readonly kind: 'snapshot'; readonly order: SnapshotOrder }
  /** Copy the frame: it becomes a snapshot if no better one of the visit follows. */
  | { readonly kind: 'hold_snapshot'; readonly order: SnapshotOrder }
  /** Store the copy that is held under this order. */
  | { readonly kind: 'keep_held_snapshot'; readonly order: SnapshotOrder };

/** Makes a UUIDv7 for an event at `at` (seconds since the Unix epoch). */
export type NewId = (at: number) => string;

/** A room after an input, and the effects of that input in order. */
export type Step = readonly [Room, readonly Effect[]];
