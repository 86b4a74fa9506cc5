import type { HealthReport } from '../adapters/http/health.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import type { Health, RoomStatus, UploadResult } from '../domain/contract/payloads.js';
import { createCameraHealthTracker } from '../domain/room/camera-health.js';
import type { Observation } from '../domain/room/observation.js';
import { createMetrics } from '../runtime/metrics.js';
import { wallSeconds } from '../async/clock.js';

type Parts = {
  readonly room: string;
  readonly version: string;
  /** seconds since the Unix epoch */
  readonly beganAt: number;
  readonly outbox: { readonly size: number };
  readonly snapshots: { readonly count: number };
  readonly mqtt: { readonly connected: boolean; readonly reconnects: number; readonly trouble: string | undefined };
  status(): RoomStatus['status'];
};

/** How a detector is, in the three forms it is asked for: the health message, `/healthz` and `/metrics`. */
export function createDetectorHealth(parts: Parts) {
  const gauge = createCameraHealthTracker();
  const counts = { motion_events: 0, snapshots: 0 };
  let moving = false;
  const uploads: Record<UploadResult['result'], number> = { uploaded: 0, rejected: 0, lost: 0 };
  let diskTrouble: string | undefined;
  let cameraTrouble: string | undefined;

  const read = (at: number): Health => ({
    ...gauge.health(at),
    outbox: parts.outbox.size,
    snapshots_kept: parts.snapshots.count,
    mqtt_reconnects: parts.mqtt.reconnects,
    uptime_seconds: Math.max(0, Math.floor(at - parts.beganAt)),
    rss_bytes: process.memoryUsage.rss(),
  });
  const verdict = (why: string | undefined) =>
    why === undefined ? ({ ok: true } as const) : ({ ok: false, why } as const);

  return {
    read,
    recordObservation({ at, judgement, room }: Observation) {
      if (room.published.motion && !moving) counts.motion_events++;
      moving = room.published.motion;
      gauge.recordFrame(at, judgement, room.published.status !== 'unknown' || room.published.reason === 'disarmed');
    },
    handleCameraEvent(event: CameraEvent<unknown>) {
      gauge.handleCameraEvent(event);
      if (event.kind !== 'frame') cameraTrouble = event.kind === 'lost' ? event.why : undefined;
    },
    countSnapshot() {
      counts.snapshots++;
    },
    countUpload(result: UploadResult['result']) {
      uploads[result]++;
    },
    /** Learns how the disk answered; true where that is news of trouble. */
    disk(error: unknown): boolean {
      const why = error === undefined ? undefined : error instanceof Error ? error.message : 'the disk does not answer';
      const news = why !== undefined && diskTrouble === undefined;
      diskTrouble = why;
      return news;
    },
    report(): HealthReport {
      return { camera: verdict(cameraTrouble), broker: verdict(parts.mqtt.trouble), disk: verdict(diskTrouble) };
    },
    metrics: createMetrics({ room: parts.room, version: parts.version }, () => ({
      ...read(wallSeconds()),
      ...counts,
      status: parts.status(),
      uploads,
      mqtt_connected: parts.mqtt.connected,
    })),
  };
}
