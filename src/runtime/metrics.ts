import { Counter, Gauge, Registry } from 'prom-client';

/** What a detector counts; its `health` payload has most of it under the same names. */
export type Readings = {
  readonly camera: string;
  readonly status: string;
  readonly fps: number;
  readonly motion_level: number;
  readonly frames: number;
  readonly dropped_frames: number;
  readonly suppressed: Readonly<Record<string, number>>;
  readonly motion_events: number;
  readonly snapshots: number;
  readonly snapshots_kept: number;
  readonly outbox: number;
  /** upload results heard of, by result */
  readonly uploads: Readonly<Record<string, number>>;
  readonly mqtt_connected: boolean;
  readonly mqtt_reconnects: number;
  readonly uptime_seconds: number;
};

/**
 * Makes the text of `/metrics`. The numbers are read when somebody asks and at no other time, so that counting
 * costs the frame loop nothing; what `read` returns under a counter's name may only grow.
 */
export function createMetrics(
  labels: { readonly room: string; readonly version: string },
  read: () => Readings,
): () => Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ room: labels.room });
  const registers = [registry];
  const counter = (name: string, help: string, value: (now: Readings) => number) => {
    const made: Counter = new Counter({
      name: `roomwatch_${name}_total`,
      help,
      registers,
      collect: () => {
        made.reset();
        made.inc(value(read()));
      },
    });
  };
  const gauge = (name: string, help: string, value: (now: Readings) => number) => {
    const made: Gauge = new Gauge({
      name: `roomwatch_${name}`,
      help,
      registers,
      collect: () => made.set(value(read())),
    });
  };
  const countersBy = (
    name: string,
    label: string,
    help: string,
    values: (now: Readings) => Readonly<Record<string, number>>,
  ) => {
    const made: Counter<string> = new Counter({
      name: `roomwatch_${name}_total`,
      help,
      registers,
      labelNames: [label],
      collect: () => {
        made.reset();
        for (const [key, value] of Object.entries(values(read()))) made.inc({ [label]: key }, value);
      },
    });
  };

  gauge('camera_up', '1 while the camera delivers frames.', (now) => (now.camera === 'lost' ? 0 : 1));
  gauge('room_known', '0 while the status of the room is unknown.', (now) => (now.status === 'unknown' ? 0 : 1));
  gauge('room_occupied', '1 while the room is occupied.', (now) => (now.status === 'occupied' ? 1 : 0));
  gauge('motion_level', 'Share of the newest frame that changed (0 to 1).', (now) => now.motion_level);
  gauge('frames_per_second', 'Frames judged a second, lately.', (now) => now.fps);
  counter('frames', 'Frames judged.', (now) => now.frames);
  counter(
    'dropped_frames',
    'Frames that came faster than they are judged (camera.fps, or a slow machine).',
    (now) => now.dropped_frames,
  );
  countersBy('suppressed', 'cause', 'Changes that were not taken for motion, by cause.', (now) => now.suppressed);
  counter('motion_events', 'Times motion started.', (now) => now.motion_events);
  counter('snapshots', 'Snapshots taken.', (now) => now.snapshots);
  gauge('snapshots_kept', 'Snapshots on disk.', (now) => now.snapshots_kept);
  gauge('outbox_receipts', 'Receipts the broker has not acknowledged yet.', (now) => now.outbox);
  countersBy('uploads', 'result', 'Upload results heard of.', (now) => now.uploads);
  gauge('mqtt_connected', '1 while the broker is connected.', (now) => (now.mqtt_connected ? 1 : 0));
  counter('mqtt_reconnects', 'Times the broker was connected again.', (now) => now.mqtt_reconnects);
  gauge('uptime_seconds', 'Seconds since this process began.', (now) => now.uptime_seconds);
  const info = new Gauge({
    name: 'roomwatch_info',
    help: 'Always 1; the label says which version runs.',
    registers,
    labelNames: ['version'],
  });
  info.set({ version: labels.version }, 1);
  collectProcess(registers);
  return () => registry.metrics();
}

/** CPU and memory under Prometheus' usual names, without the sampling timers of prom-client's defaults. */
function collectProcess(registers: Registry[]): void {
  const rss: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes.',
    registers,
    collect: () => rss.set(process.memoryUsage.rss()),
  });
  const cpu: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time spent in seconds.',
    registers,
    collect: () => {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
}
