import type { HealthReport } from '../../adapters/http/health.js';
import { wallSeconds } from '../../async/clock.js';
import type { CameraEvent } from '../../domain/camera/camera-event.js';
import { type Health, type RoomStatus, toInstant } from '../../domain/contract/payloads.js';
import { createKnownUploaders } from '../../domain/page/known-uploaders.js';
import type { PageState } from '../../domain/page/payloads.js';
import type { Config } from '../../runtime/config/config.js';
import { version } from '../../version.js';
import type { DetectorRules } from '../live-rules.js';
import type { RoomRecognition } from '../recognition.js';
import type { DetectorZones } from '../zones.js';

/** What the state of the page is read from. */
export type PageStateParts = {
  readonly rules: DetectorRules;
  /** undefined where nothing is recognised */
  readonly recognition: Pick<RoomRecognition, 'furniture'> | undefined;
  /** the status before the first one is published */
  readonly status: RoomStatus;
  readonly zones: Pick<DetectorZones, 'statuses'>;
  health(): Health;
  report(): HealthReport;
};

/** A message of an uploader's topics; `retain` if it may be old. */
export type UploaderMessage = { readonly topic: string; readonly payload: Uint8Array; readonly retain: boolean };

/** Collects what an open page shows besides pictures, motion and visits. */
export type PageStateSource = {
  read(): PageState;
  cameraChanged(event: CameraEvent<unknown>): void;
  statusPublished(status: RoomStatus): void;
  /** Receives a message of an uploader's availability or status topic. */
  uploaderReported(message: UploaderMessage): void;
};

/** Starts without a picture size and without uploaders. */
export function createPageState(
  { room, motion }: Pick<Config, 'room' | 'motion'>,
  { rules, recognition, zones, report, health, ...parts }: PageStateParts,
): PageStateSource {
  const uploaders = createKnownUploaders();
  let { status } = parts;
  let picture: PageState['picture'] = null;
  return {
    cameraChanged(event) {
      if (event.kind === 'opened' || event.kind === 'resized') picture = { width: event.width, height: event.height };
    },
    statusPublished: (published) => void (status = published),
    uploaderReported: ({ topic, payload, retain }) =>
      uploaders.receive(topic, Buffer.from(payload).toString(), retain ? undefined : wallSeconds()),
    read: () => ({
      room,
      at: toInstant(wallSeconds()),
      detector: motion.detector,
      versions: { Roomwatch: version, 'Node.js': process.versions.node },
      status,
      settings: rules.settings.now(),
      masks: rules.masks.now(),
      zones: rules.zones.now(),
      zone_statuses: zones.statuses(),
      occupied_by: recognition === undefined ? null : [...rules.occupants.now()],
      health: health(),
      parts: report(),
      uploaders: uploaders.list(),
      picture,
    }),
  };
}
