import type { ApiNeeds } from '../../src/adapters/http/api.js';
import type { PageState } from '../../src/domain/page/payloads.js';

const at = '2026-11-22T10:15:30.123Z';

/** The state of a room in which nothing happens. */
export const quietState: PageState = {
  room: 'kitchen',
  at,
  detector: 'adaptive',
  versions: { roomwatch: '0.0.0' },
  status: {
    status: 'unoccupied',
    motion: false,
    reason: 'quiet',
    since: at,
    at,
    visit: null,
    confirmed: false,
    people: null,
  },
  settings: {
    armed: true,
    delta_thresh: 5,
    min_area: 5000,
    min_motion_frames: 8,
    vacancy_seconds: 30,
    min_upload_seconds: 3,
  },
  masks: [],
  zones: [],
  zone_statuses: [],
  occupied_by: ['person'],
  health: {
    camera: 'ok',
    fps: 16,
    frame_age_ms: 40,
    motion_level: 0,
    frames: 100,
    dropped_frames: 0,
    suppressed: {},
    outbox: 0,
    snapshots_kept: 0,
    mqtt_reconnects: 0,
    uptime_seconds: 10,
    rss_bytes: 90_000_000,
    recognition: null,
  },
  parts: { camera: { ok: true }, broker: { ok: true }, disk: { ok: true } },
  uploaders: [],
  picture: { width: 640, height: 480 },
};

const noTimeline = { step_seconds: 1, at: [], level: [], threshold: [], state: [] };
const emptyRun = { visits: [], zones: [], ignored_motions: 0, snapshots: [], timeline: noTimeline };

/** The API of a detector in which nothing happens, for tests of the server. */
export function plainPageNeeds(changed: Partial<ApiNeeds> = {}): ApiNeeds {
  return {
    state: () => quietState,
    history: () => ({ fine: noTimeline, coarse: noTimeline, marks: [] }),
    configuration: () => [],
    logLines: () => [],
    visits: () => ({ visits: [], more: false }),
    changeSettings: (change) => Promise.resolve({ ...quietState.settings, ...withoutUndefined(change) }),
    changeMasks: () => Promise.resolve(),
    changeZones: () => Promise.resolve(),
    changeOccupants: () => Promise.resolve(true),
    takeSnapshot: () => true,
    rehearse: () => Promise.resolve({ from: null, to: null, gaps: [], before: emptyRun, after: emptyRun }),
    ...changed,
  };
}

function withoutUndefined<T extends object>(value: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
