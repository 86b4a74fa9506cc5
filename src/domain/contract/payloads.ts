import * as z from 'zod';
import { zoneNamePattern } from '../zones/zone-name.js';
import { settingRanges } from './setting-ranges.js';

/** ISO 8601, UTC, milliseconds. */
export const instant = z.iso.datetime({ precision: 3 });
/** A UUIDv7. */
export const id = z.uuidv7();
/** A zone's name, a level of its topic. */
export const zoneName = z.string().regex(zoneNamePattern, 'must match [a-z0-9][a-z0-9_-]{0,31}');
/** A room's name, a level of its topics (docs/contract.md); `uploaders` is the level of the uploaders. */
export const roomName = zoneName.refine((name) => name !== 'uploaders', 'must not be "uploaders"');
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A rectangle in shares of the frame; `label` and `score` where something was recognised. */
export const region = z.strictObject({
  x: share,
  y: share,
  width: share,
  height: share,
  label: z.string().max(32).optional(),
  score: share.optional(),
});

/** docs/contract.md §3.1 */
export const roomStatus = z.strictObject({
  status: z.enum(['occupied', 'unoccupied', 'unknown']),
  motion: z.boolean(),
  reason: z.enum(['person', 'motion', 'presence', 'quiet', 'warming_up', 'camera_lost', 'disarmed']),
  since: instant,
  at: instant,
  visit: id.nullable(),
  confirmed: z.boolean(),
  people: count.nullable(),
});
export type RoomStatus = z.infer<typeof roomStatus>;

/** docs/contract.md §3.8 */
export const zoneStatus = roomStatus.omit({ visit: true, confirmed: true }).extend({ zone: zoneName });
export type ZoneStatus = z.infer<typeof zoneStatus>;

const motionBase = {
  id,
  room: roomName,
  visit: id,
  at: instant,
  changed: share,
  regions: z.array(region),
};
/** docs/contract.md §3.2 */
export const motionEvent = z.discriminatedUnion('event_type', [
  z.strictObject({ event_type: z.literal('motion_started'), ...motionBase }),
  z.strictObject({
    event_type: z.literal('motion_ended'),
    ...motionBase,
    duration_seconds: z.number().min(0),
    snapshots: count,
  }),
]);
export type MotionEvent = z.infer<typeof motionEvent>;

/** docs/contract.md §3.3 */
export const snapshotReceipt = z.strictObject({
  id,
  room: roomName,
  visit: id.nullable(),
  reason: z.enum(['motion', 'command']),
  taken_at: instant,
  url: z.url({ protocol: /^https?$/ }).max(2048),
  bytes: z.int().min(1),
  sha256,
  width: z.int().min(1),
  height: z.int().min(1),
  regions: z.array(region).max(256),
  signature: sha256,
});
export type SnapshotReceipt = z.infer<typeof snapshotReceipt>;
/** What a detector stores of a receipt: its URL and its signature are made anew each time it is published. */
export const snapshotFacts = snapshotReceipt.omit({ url: true, signature: true }).strip();
export type SnapshotFacts = z.infer<typeof snapshotFacts>;
/** What an uploader stores of a receipt once it has checked the signature. */
export const queuedSnapshot = snapshotReceipt.omit({ signature: true }).strip();
export type QueuedSnapshot = z.infer<typeof queuedSnapshot>;

/** docs/contract.md §3.4; an uploader signs it when it publishes it, and stores it without a signature. */
export const uploadResult = z.strictObject({
  snapshot: id,
  room: roomName,
  result: z.enum(['uploaded', 'rejected', 'lost']),
  archive: z.enum(['dropbox', 'folder']),
  path: z.string().nullable(),
  content_hash: sha256.nullable(),
  bytes: count,
  attempts: count,
  taken_at: instant,
  finished_at: instant,
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  signature: sha256.optional(),
});
export type UploadResult = z.infer<typeof uploadResult>;

/** docs/contract.md §3.5 */
export const uploaderStatus = z.strictObject({
  state: z.enum(['idle', 'uploading', 'backing_off', 'auth_error', 'no_space', 'disabled']),
  queued: count,
  oldest_queued_at: instant.nullable(),
  last_uploaded_at: instant.nullable(),
  last_path: z.string().nullable(),
  last_error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  uploaded: count,
  rejected: count,
  lost: count,
});
export type UploaderStatus = z.infer<typeof uploaderStatus>;

function setting(name: keyof typeof settingRanges): z.ZodNumber {
  const { min, max, whole } = settingRanges[name];
  return (whole ? z.int() : z.number()).min(min).max(max);
}

/** docs/contract.md §3.6: what may be changed while running, with its ranges. */
export const liveSettings = z.strictObject({
  armed: z.boolean(),
  delta_thresh: setting('delta_thresh'),
  min_area: setting('min_area'),
  min_motion_frames: setting('min_motion_frames'),
  vacancy_seconds: setting('vacancy_seconds'),
  min_upload_seconds: setting('min_upload_seconds'),
});
export type LiveSettings = z.infer<typeof liveSettings>;
/** The payload of `settings/set`: at least one of the live settings. */
export const settingsChange = liveSettings.partial().refine((change) => Object.keys(change).length > 0, 'is empty');

/** docs/contract.md §3.7 */
export const health = z.strictObject({
  camera: z.enum(['ok', 'warming_up', 'lost', 'frozen']),
  fps: z.number().min(0),
  frame_age_ms: z.int().min(0).nullable(),
  motion_level: share,
  frames: count,
  dropped_frames: count,
  suppressed: z.record(z.string(), count),
  outbox: count,
  snapshots_kept: count,
  mqtt_reconnects: count,
  uptime_seconds: z.int().min(0),
  rss_bytes: z.int().min(0),
  recognition: z.strictObject({ looks: count, milliseconds: z.number().min(0), people: count.nullable() }).nullable(),
  mended: z.strictObject({ files: z.array(z.string()), announced_again: count, lost: count }).optional(),
  snapshot_source: z.enum(['lost', 'late']).optional(),
});
export type Health = z.infer<typeof health>;

/** Writes a time, given in seconds since the Unix epoch, as the contract does. */
export function toInstant(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

/** Where the detector of a room serves its page: the payload of `<base>/<room>/page` (docs/contract.md §3.9). */
export const pageAddress = z.strictObject({
  room: roomName,
  url: z.url({ protocol: /^https?$/ }).describe('without a slash at the end'),
  at: instant,
  signature: z.string(),
});
export type PageAddress = z.infer<typeof pageAddress>;
