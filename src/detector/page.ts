import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ApiNeeds } from '../adapters/http/api.js';
import type { PageServer } from '../adapters/http/page.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { monotonicSeconds } from '../async/clock.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import type { RoomStatus, SnapshotFacts, UploadResult } from '../domain/contract/payloads.js';
import type { MotionDetector } from '../domain/motion/motion-detector.js';
import { createFrameBuffer } from '../domain/page/frame-buffer.js';
import { createMotionHistory, type MotionHistory } from '../domain/page/history.js';
import type { Insight } from '../domain/page/insight.js';
import type { Mark, Visit } from '../domain/page/payloads.js';
import { withoutUndefined } from '../domain/room/live-settings.js';
import type { LookOutcome } from '../domain/recognition/look-outcome.js';
import type { Observation } from '../domain/room/observation.js';
import { createPageUpdater } from '../pipelines/detector/update-page.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import type { FinishedLook } from './recognition.js';
import type { DetectorZones } from './zones.js';
import { createViewers, renderView } from './page/live-views.js';
import { withChanges } from './page/configuration.js';
import { createPageState, type PageStateParts, type PageStateSource, type UploaderMessage } from './page/page-state.js';
import { openRehearsals, type Rehearsals } from './page/rehearsals.js';
import { openVisitStore, type VisitStore } from './page/visit-store.js';

/** What the page needs from its detector. */
type Parts = PageStateParts & {
  /** the folder of the room's files */
  readonly folder: string;
  readonly detector: MotionDetector<Picture>;
  readonly insight: Insight;
  readonly zones: DetectorZones;
  /** Takes a snapshot of the next frame. */
  takeSnapshot(): void;
};

/** The detector's side of the page: receives the events of the room and shows them on the open pages. */
export type DetectorPage = {
  readonly needs: ApiNeeds;
  close(): Promise<void>;
  /** From now on, events and pictures are sent to the viewers of this server. */
  showOn(server: PageServer | undefined): void;
  /** Receives each judged frame; costs next to nothing while nobody watches. */
  observe(seen: Observation, picture: Picture): void;
  cameraChanged(event: CameraEvent<unknown>): void;
  statusPublished(status: RoomStatus): void;
  zonePublished(): void;
  settingsChanged(): void;
  snapshotStored(snapshot: SnapshotFacts): void;
  lookFinished(look: FinishedLook): void;
  uploadFinished(result: UploadResult): void;
  uploaderReported(message: UploaderMessage): Promise<void>;
};

/** The frames that a rehearsal judges: two minutes, at most 8 MB. */
const bufferLimits = { seconds: 120, bytes: 8e6 };

/** Fast, and with a small state. */
const deflate = { level: 1, memLevel: 6, windowBits: 13 };
const packer = {
  pack: (bytes: Uint8Array) => deflateRawSync(bytes, deflate),
  unpack: (bytes: Uint8Array) => inflateRawSync(bytes),
};

/** Opens the page's side of a detector, with the visits of earlier runs. */
export async function openDetectorPage(
  config: Pick<Config, 'room' | 'motion'>,
  log: Pick<Log, 'warn' | 'debug'>,
  parts: Parts,
): Promise<DetectorPage> {
  const { detector, folder, rules, recognition } = parts;
  const viewers = createViewers();
  const state = createPageState(config, parts);
  const history = createMotionHistory();
  const buffer = createFrameBuffer({ stepSeconds: detector.analysisSeconds, ...bufferLimits }, packer);
  const rehearsals = openRehearsals(
    config.motion.detector,
    {
      frames: buffer.frames,
      recognition: () => recognition && { looks: [...buffer.looks()], furniture: recognition.furniture() },
    },
    {
      settings: rules.settings.now,
      masks: rules.masks.now,
      zones: rules.zones.now,
      occupants: () => [...rules.occupants.now()],
    },
  );
  const sendVisit = (data: Visit) => viewers.sendEvent({ name: 'visit', data });
  const visits = await openVisitStore(folder, sendVisit, log);
  const addMark = (mark: Mark) => {
    history.addMark(mark);
    viewers.sendEvent({ name: 'mark', data: mark });
  };
  const sendState = () => viewers.sendEvent({ name: 'state', data: state.read() });
  const observe = createPageUpdater<Picture>({
    history,
    buffer,
    viewers,
    recordsUnwatched: detector.analysisSeconds > 0,
    gray: (picture) => detector.inspect('gray', picture),
    render: (view, picture, judgement) => renderView(detector, view, picture, judgement),
    clock: monotonicSeconds,
    failed: (err) => log.warn({ err }, 'a live picture could not be made'),
  });

  return {
    needs: apiNeeds({ state, history, visits, rehearsals }, parts),
    observe,
    close() {
      rehearsals.close();
      return visits.close();
    },
    showOn: (server) => viewers.connect(server),
    cameraChanged: (event) => state.cameraChanged(event),
    statusPublished(status) {
      state.statusPublished(status);
      sendState();
      visits.statusPublished(status);
    },
    zonePublished: sendState,
    settingsChanged: sendState,
    snapshotStored(snapshot) {
      addMark({ at: Date.parse(snapshot.taken_at) / 1000, kind: 'snapshot', id: snapshot.id });
      visits.snapshotStored(snapshot);
    },
    lookFinished({ outcome, answer }) {
      addMark(lookMark(outcome));
      buffer.recordLook(answer);
    },
    uploadFinished: (result) => void visits.uploadFinished(result),
    uploaderReported(message) {
      state.uploaderReported(message);
      return Promise.resolve();
    },
  };
}

function lookMark({ at, found, label, score }: LookOutcome): Mark {
  const percent = Math.round(score * 100) / 100;
  return label === undefined ? { at, kind: found } : { at, kind: found, label, score: percent };
}

/** Connects the routes of the API with the parts of the page. */
function apiNeeds(
  page: { state: PageStateSource; history: MotionHistory; visits: VisitStore; rehearsals: Rehearsals },
  { rules, recognition, zones, health, takeSnapshot, insight }: Parts,
): ApiNeeds {
  const { settings, masks, occupants } = rules;
  return {
    state: () => page.state.read(),
    configuration: () => withChanges(insight.configuration, rules),
    logLines: insight.logLines,
    history: () => page.history.read(),
    visits: (query) => page.visits.read(query),
    async changeSettings(change) {
      await settings.change(withoutUndefined(change));
      return settings.now();
    },
    changeMasks: (polygons) => masks.change(polygons),
    changeZones: zones.change,
    async changeOccupants(occupiedBy) {
      if (recognition === undefined) return false;
      await occupants.change(occupiedBy);
      return true;
    },
    takeSnapshot() {
      if (health().camera === 'lost') return false;
      takeSnapshot();
      return true;
    },
    rehearse: (request) => page.rehearsals.rehearse(request),
  };
}
