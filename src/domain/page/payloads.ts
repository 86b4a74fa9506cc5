import * as z from 'zod';
import { OCCUPANTS } from '../recognition/labels.js';
import {
  health,
  id,
  instant,
  liveSettings,
  region,
  roomName,
  roomStatus,
  uploaderStatus,
  zoneName,
  zoneStatus,
} from '../contract/payloads.js';

// The requests and answers of the page's API; the OpenAPI document is made from these schemas.

const share = z.number().min(0).max(1);
const seconds = z.number().describe('seconds since the Unix epoch');

/** Polygons excluded from detection; points are shares of the frame (0 to 1) from the top left. */
export const masks = z
  .array(
    z
      .array(z.tuple([share, share]))
      .min(3)
      .max(64),
  )
  .max(32)
  .describe('polygons excluded from detection; points are shares of the frame (0 to 1) from the top left');
export type Masks = z.infer<typeof masks>;

/** Parts of the picture with an occupancy of their own, each with a name of its own. */
export const zones = z
  .array(
    z.strictObject({
      name: zoneName,
      polygon: z
        .array(z.tuple([share, share]))
        .min(3)
        .max(64),
    }),
  )
  .max(32)
  .check(({ value, issues }) => {
    const names = value.map(({ name }) => name);
    for (const name of new Set(names.filter((one, place) => names.indexOf(one) !== place))) {
      issues.push({
        code: 'custom',
        input: value,
        message: `two zones are called ${name}: each needs a name of its own`,
      });
    }
  })
  .describe('parts of the picture with an occupancy of their own; points as those of the masks');
export type Zones = z.infer<typeof zones>;

/** What occupies a room, as in `recognition.occupied_by`. */
export const occupants = z.array(z.enum(OCCUPANTS)).min(1).max(OCCUPANTS.length).describe('what occupies the room');
export type Occupants = z.infer<typeof occupants>;

/** The live views: the camera's picture, or a picture of what the detector computes from it. */
export const liveView = z.enum(['picture', 'difference', 'foreground', 'background']);
export type LiveView = z.infer<typeof liveView>;

/** Whether one part works, and if not, why and since when. */
export const part = z.strictObject({ ok: z.boolean(), why: z.string().optional(), since: instant.optional() });

/** The current state of the room, its settings and its health. */
export const pageState = z.strictObject({
  room: roomName,
  at: instant,
  detector: z.enum(['adaptive', 'tutorial']),
  versions: z.record(z.string(), z.string()),
  status: roomStatus,
  settings: liveSettings,
  masks,
  zones,
  zone_statuses: z.array(zoneStatus).describe('the zones as they were last published'),
  occupied_by: occupants.nullable().describe('what occupies the room; null where nothing is recognised'),
  health,
  parts: z.strictObject({ camera: part, broker: part, disk: part, snapshot_source: part.optional() }),
  uploaders: z.array(
    z.strictObject({
      name: z.string(),
      online: z.boolean(),
      since: instant.nullable().describe('when it came or went; null if that was while nobody here was connected'),
      status: uploaderStatus.nullable(),
    }),
  ),
  picture: z.strictObject({ width: z.int(), height: z.int() }).nullable(),
});
export type PageState = z.infer<typeof pageState>;

/** Columns of equal length. `state`: 0 unknown, 1 unoccupied, 2 occupied without motion, 3 occupied with motion. */
export const timeline = z.strictObject({
  step_seconds: z.number(),
  at: z.array(seconds),
  level: z.array(share).describe('the highest motion level within the step'),
  threshold: z.array(share),
  state: z.array(z.int().min(0).max(3)),
});
export type Timeline = z.infer<typeof timeline>;

/**
 * An event at one moment: `kind` is `snapshot`, the reason why a change was not counted as motion (`light_change`), or what a
 * look for people found: `recognised`, `not_recognised`, `furniture`, `failed`; `label` and `score` are of its likeliest find.
 */
export const mark = z.strictObject({
  at: seconds,
  kind: z.string(),
  id: id.optional(),
  label: z.string().optional(),
  score: share.optional(),
});
export type Mark = z.infer<typeof mark>;

/** The last five minutes in fine steps, the last two hours in coarse steps, and the events in them. */
export const history = z.strictObject({ fine: timeline, coarse: timeline, marks: z.array(mark) });
export type History = z.infer<typeof history>;

const labels = z.array(z.string()).default([]).describe('who and what was recognised');

const visitSnapshot = z.strictObject({
  id,
  taken_at: instant,
  reason: z.enum(['motion', 'command']),
  bytes: z.int(),
  labels,
  upload: z.strictObject({
    state: z.enum(['queued', 'uploaded', 'rejected', 'lost']),
    archive: z.string().nullable(),
    path: z.string().nullable(),
    finished_at: instant.nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  }),
});

/** A visit with its newest snapshots; `visit` is null for a snapshot that was requested while the room was not occupied. */
export const visit = z.strictObject({
  key: id,
  visit: id.nullable(),
  began_at: instant,
  ended_at: instant.nullable(),
  labels,
  snapshot_count: z.int().min(0),
  snapshots: z.array(visitSnapshot),
});
export type Visit = z.infer<typeof visit>;

/** Which part of the list of visits is wanted. */
export const visitQuery = z.strictObject({
  before: z.union([id, instant]).optional().describe('the key of the last visit of the part before, or a time'),
  since: instant.optional().describe('only visits that began at this time or later'),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});
export type VisitQuery = z.infer<typeof visitQuery>;

/** A part of the list of visits, newest first; `more` says whether the list goes on after it. */
export const visitPage = z.strictObject({ visits: z.array(visit), more: z.boolean() });
export type VisitPage = z.infer<typeof visitPage>;

/** The settings, masks, zones and occupants to try; a missing one keeps its current value. */
export const rehearsalRequest = z.strictObject({
  settings: liveSettings.partial().optional(),
  masks: masks.optional(),
  zones: zones.optional(),
  occupied_by: occupants.optional(),
});
export type RehearsalRequest = z.infer<typeof rehearsalRequest>;

const stay = z.strictObject({ began_at: seconds, ended_at: seconds.nullable() });

const rehearsalRun = z.strictObject({
  visits: z.array(stay.extend({ confirmed: z.boolean().describe('somebody was recognised') })),
  zones: z
    .array(z.strictObject({ zone: zoneName, stays: z.array(stay) }))
    .describe('when each of the zones was occupied'),
  ignored_motions: z.int().min(0).describe('how many times something moved without occupying the room'),
  snapshots: z.array(seconds),
  timeline,
});
export type RehearsalRun = z.infer<typeof rehearsalRun>;

/** The last minutes judged twice: `before` with the current settings, `after` with the requested ones. */
export const rehearsal = z.strictObject({
  from: seconds.nullable(),
  to: seconds.nullable(),
  gaps: z.array(z.strictObject({ from: seconds, to: seconds })).describe('times without frames, such as a lost camera'),
  before: rehearsalRun,
  after: rehearsalRun,
});
export type Rehearsal = z.infer<typeof rehearsal>;

/** One judged frame, as it is sent to an open page. */
export const moment = z.strictObject({
  at: seconds,
  level: share,
  threshold: share,
  state: z.int().min(0).max(3),
  moving: z.boolean(),
  regions: z.array(region),
});
export type Moment = z.infer<typeof moment>;
