import { join } from 'node:path';
import type { ApiNeeds } from '../adapters/http/api.js';
import type { HealthReport } from '../adapters/http/health.js';
import type { PageServer } from '../adapters/http/page.js';
import { renderGray, renderPicture } from '../adapters/opencv/live-view.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { openSettingsFile } from '../adapters/files/settings-file.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import { createFrameBuffer } from '../domain/page/frame-buffer.js';
import type { MotionDetector } from '../domain/motion/motion-detector.js';
import type { Mark, PageState, Rehearsal, Visit } from '../domain/page/payloads.js';
import { toInstant } from '../domain/contract/payloads.js';
import type { Health, RoomStatus, SnapshotReceipt, UploadResult } from '../domain/contract/payloads.js';
import { createKnownUploaders } from '../domain/page/known-uploaders.js';
import { withoutUndefined } from '../domain/room/live-settings.js';
import { createVisitLog, parseStoredVisits } from '../domain/page/visit-log.js';
import { createMotionHistory } from '../domain/page/history.js';
import type { DetectorRules } from './live-rules.js';
import { createPageUpdater } from '../pipelines/detector/update-page.js';
import type { Observation } from '../domain/room/observation.js';
import type { RehearsalQuestion } from './rehearsal-process.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import { createSideProcess } from '../runtime/process/worker-process.js';
import { version } from '../version.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';

/** What the page asks of its detector. */
type Parts = {
  /** where the room keeps its things */
  readonly folder: string;
  readonly detector: MotionDetector<Picture>;
  readonly rules: DetectorRules;
  /** as it was before anything was said */
  readonly status: RoomStatus;
  health(): Health;
  report(): HealthReport;
  takeSnapshot(): void;
};

/** The page's side of a detector: hears what happens in the room, and shows it to whoever looks. */
export type DetectorPage = {
  readonly needs: ApiNeeds;
  close(): void;
  /** From now on, what is heard is shown here. */
  showOn(server: PageServer | undefined): void;
  /** Sees each judged frame; costs next to nothing while nobody looks. */
  observe(seen: Observation, picture: Picture): void;
  cameraChanged(event: CameraEvent<unknown>): void;
  statusPublished(status: RoomStatus): void;
  settingsChanged(): void;
  snapshotStored(receipt: SnapshotReceipt): void;
  uploadFinished(result: UploadResult): void;
  uploaderReported(message: { readonly topic: string; readonly payload: Uint8Array }): Promise<void>;
};

/** Opens the page's side with the visits of earlier runs. */
export async function openDetectorPage({ room, motion }: Config, log: Log, parts: Parts): Promise<DetectorPage> {
  const { detector } = parts;
  const { settings, masks } = parts.rules;
  const visitFile = openSettingsFile<readonly Visit[]>(join(parts.folder, 'visits.json'));
  const visits = createVisitLog(parseStoredVisits(await visitFile.load().catch(() => [])));
  const history = createMotionHistory();
  const tape = createFrameBuffer({ stepSeconds: detector.analysisSeconds, seconds: 120, bytes: 16e6 });
  const uploaders = createKnownUploaders();
  let server: PageServer | undefined;
  let said = parts.status;
  let picture: PageState['picture'] = null;
  const stage = createSideProcess<RehearsalQuestion, Rehearsal>(new URL('./rehearsal-process.js', import.meta.url), 60);
  let rehearsing = false;
  let saving: 'no' | 'running' | 'again' = 'no';

  const nobody = new Set<never>();
  const observe = createPageUpdater<Picture>({
    history,
    tape,
    analysed: () => detector.analysed(),
    gray: (image) => detector.inspect('gray', image),
    render(view, image, judgement) {
      if (view === 'picture') return renderPicture(image, judgement?.regions ?? []);
      const gray = detector.inspect(view, image);
      return gray === undefined ? renderPicture(image, []) : renderGray(gray);
    },
    viewers: {
      wanted: () => server?.wantedViews() ?? nobody,
      show: (view, jpeg) => server?.sendPicture(view, jpeg),
      listeners: () => server?.listenerCount() ?? 0,
      say: (event) => server?.sendEvent(event),
    },
    clock: monotonicSeconds,
    failed: (err) => log.warn({ err }, 'a live picture could not be made'),
  });

  const state = (): PageState => ({
    room,
    at: toInstant(wallSeconds()),
    detector: motion.detector,
    versions: { Roomwatch: version, 'Node.js': process.versions.node },
    status: said,
    settings: settings.now(),
    masks: masks.now(),
    health: parts.health(),
    parts: parts.report(),
    uploaders: uploaders.list(),
    picture,
  });
  const sayState = () => server?.sendEvent({ name: 'state', data: state() });

  function changed(one: Visit | undefined): void {
    if (one === undefined) return;
    server?.sendEvent({ name: 'visit', data: one });
    void saveVisits();
  }

  /** One save at a time, and one more for all that changed meanwhile. */
  async function saveVisits(): Promise<void> {
    if (saving !== 'no') {
      saving = 'again';
      return;
    }
    do {
      saving = 'running';
      await visitFile.save(visits.list()).catch((err: unknown) => log.debug({ err }, 'visits cannot be kept'));
    } while ((saving as string) === 'again');
    saving = 'no';
  }

  return {
    observe,
    close: () => stage.close(),
    showOn: (shown) => void (server = shown),
    cameraChanged(event) {
      if (event.kind === 'opened') picture = { width: event.width, height: event.height };
    },
    statusPublished(status) {
      said = status;
      sayState();
      changed(visits.statusPublished(status));
    },
    settingsChanged: () => void sayState(),
    snapshotStored(receipt) {
      const mark: Mark = { at: Date.parse(receipt.taken_at) / 1000, kind: 'snapshot', id: receipt.id };
      history.addMark(mark);
      server?.sendEvent({ name: 'mark', data: mark });
      changed(visits.snapshotStored(receipt));
    },
    uploadFinished: (result) => changed(visits.uploadFinished(result)),
    uploaderReported({ topic, payload }) {
      uploaders.receive(topic, Buffer.from(payload).toString());
      return Promise.resolve();
    },
    needs: {
      state,
      history: () => history.read(),
      visits: () => visits.list(),
      async changeSettings(change) {
        await settings.change(withoutUndefined(change));
        return settings.now();
      },
      changeMasks: (polygons) => masks.change(polygons),
      takeSnapshot() {
        if (parts.health().camera === 'lost') return false;
        parts.takeSnapshot();
        return true;
      },
      async rehearse(draft) {
        if (rehearsing) throw Object.assign(new Error('Another rehearsal is running.'), { statusCode: 409 });
        rehearsing = true;
        try {
          const before = { settings: settings.now(), masks: masks.now() };
          const after = {
            settings: { ...before.settings, ...withoutUndefined(draft.settings ?? {}) },
            masks: draft.masks ?? before.masks,
          };
          return await stage.ask({ tape: [...tape.frames()], detector: motion.detector, before, after });
        } finally {
          rehearsing = false;
        }
      },
    },
  };
}
