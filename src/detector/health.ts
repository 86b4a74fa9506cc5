import type { HealthReport } from '../adapters/http/health.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import type { Health, RoomStatus, UploadResult } from '../domain/contract/payloads.js';
import { type MaybeTrouble, partHealth } from '../domain/page/part-health.js';
import { createCameraHealthTracker, type CameraHealth } from '../domain/room/camera-health.js';
import type { Observation } from '../domain/room/observation.js';
import { createMetrics } from '../runtime/metrics.js';
import { wallSeconds } from '../async/clock.js';
import type { FinePictures } from './fine-pictures.js';
import type { Mended } from './mend-store.js';

type Parts = {
  readonly room: string;
  readonly version: string;
  /** seconds since the Unix epoch */
  readonly beganAt: number;
  readonly outbox: { readonly size: number };
  readonly snapshots: { readonly count: number };
  readonly mended?: Mended;
  readonly mqtt: MaybeTrouble & { readonly connected: boolean; readonly reconnects: number };
  readonly disk: MaybeTrouble;
  readonly publisher: { readonly status: RoomStatus };
  /** undefined where nothing is recognised */
  readonly recognition?: { health(): Health['recognition'] } | undefined;
  /** undefined where every snapshot is of the camera's own picture */
  readonly finePictures?: Pick<FinePictures, 'trouble' | 'troubleSince'> | undefined;
};

/** The health of a detector in its three forms: the health message, `/healthz` and `/metrics`. */
export function createDetectorHealth(parts: Parts) {
  const tracker = createCameraHealthTracker();
  const counts = { motion_events: 0, snapshots: 0 };
  let moving = false;
  const uploads: Record<UploadResult['result'] | 'ignored', number> = { uploaded: 0, rejected: 0, lost: 0, ignored: 0 };
  let camera: MaybeTrouble = { trouble: undefined, troubleSince: 0 };

  let ignoredMotions = 0;

  const read = (at: number): Health => ({
    ...withIgnoredMotions(tracker.health(at), ignoredMotions),
    recognition: parts.recognition?.health() ?? null,
    outbox: parts.outbox.size,
    snapshots_kept: parts.snapshots.count,
    mqtt_reconnects: parts.mqtt.reconnects,
    uptime_seconds: Math.max(0, Math.floor(at - parts.beganAt)),
    rss_bytes: process.memoryUsage.rss(),
    ...damageIn(parts.mended),
    ...(parts.finePictures?.trouble && { snapshot_source: parts.finePictures.trouble.kind }),
  });

  return {
    read,
    recordObservation({ at, judgement, room }: Observation) {
      if (room.published.motion && !moving) counts.motion_events++;
      moving = room.published.motion;
      ({ ignoredMotions } = room);
      tracker.recordFrame(at, judgement, room.published.status !== 'unknown' || room.published.reason === 'disarmed');
    },
    handleCameraEvent(event: CameraEvent<unknown>) {
      tracker.handleCameraEvent(event);
      if (event.kind === 'frame' || event.kind === 'resized') return;
      const troubleSince = camera.trouble === undefined ? event.at : camera.troubleSince;
      camera = { trouble: 'why' in event ? event.why : undefined, troubleSince };
    },
    countSnapshot() {
      counts.snapshots++;
    },
    countUpload(result: UploadResult['result'] | 'ignored') {
      uploads[result]++;
    },
    report(): HealthReport {
      const { mqtt, disk, finePictures } = parts;
      const { trouble: fine, troubleSince = 0 } = finePictures ?? {};
      return {
        ...{ camera: partHealth(camera), broker: partHealth(mqtt), disk: partHealth(disk) },
        ...(finePictures && { snapshot_source: partHealth({ trouble: fine?.why, troubleSince }) }),
      };
    },
    metrics: createMetrics({ room: parts.room, version: parts.version }, () => ({
      ...read(wallSeconds()),
      ...counts,
      status: parts.publisher.status.status,
      uploads,
      mqtt_connected: parts.mqtt.connected,
    })),
  };
}

/** Motion that did not occupy the room is suppressed, too. */
function withIgnoredMotions(health: CameraHealth, count: number): CameraHealth {
  return count === 0 ? health : { ...health, suppressed: { ...health.suppressed, not_a_person: count } };
}

function damageIn(mended: Mended | undefined): Pick<Health, 'mended'> {
  if (mended === undefined) return {};
  const { files, announced_again, lost } = mended;
  return files.length + announced_again + lost === 0 ? {} : { mended: { ...mended, files: [...files] } };
}
