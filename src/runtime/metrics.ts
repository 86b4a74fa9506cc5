import { Counter, Gauge, Registry } from 'prom-client';

/** The figures of a detector; its `health` payload has most of them under the same names. */
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
  /** upload results received, by result; `ignored`: not signed as they have to be */
  readonly uploads: Readonly<Record<string, number>>;
  readonly mqtt_connected: boolean;
  readonly mqtt_reconnects: number;
  readonly uptime_seconds: number;
  /** null where nothing is recognised; `milliseconds` is the duration of the last look */
  readonly recognition: {
    readonly looks: number;
    readonly milliseconds: number;
    readonly people: number | null;
  } | null;
};

type Read<Value> = (now: Readings) => Value;
type Value = number | undefined;

/**
 * Makes a function that gives the text of `/metrics`. The figures are read only for a request, so that counting costs the
 * frame loop nothing; those that become counters must never decrease.
 */
export function createMetrics(
  labels: { readonly room: string; readonly version: string },
  read: () => Readings,
): () => Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ room: labels.room });
  const { gauge, counter, counterBy } = registration(registry, read);
  gauge('camera_up', '1 while the camera delivers new pictures.', (now) =>
    ['lost', 'frozen'].includes(now.camera) ? 0 : 1,
  );
  gauge('room_known', '0 while the status of the room is unknown.', (now) => (now.status === 'unknown' ? 0 : 1));
  gauge('room_occupied', '1 while the room is occupied.', (now) => (now.status === 'occupied' ? 1 : 0));
  gauge('motion_level', 'Share of the newest frame that changed (0 to 1).', (now) => now.motion_level);
  gauge('frames_per_second', 'Frames analysed per second, recently.', (now) => now.fps);
  counter('frames', 'Frames analysed.', (now) => now.frames);
  counter(
    'dropped_frames',
    'Frames not analysed because they arrived too fast (camera.fps, or a slow machine).',
    (now) => now.dropped_frames,
  );
  counterBy('suppressed', 'cause', 'Changes that were not counted as motion, by cause.', (now) => now.suppressed);
  counter('motion_events', 'Number of times motion started.', (now) => now.motion_events);
  counter('snapshots', 'Snapshots taken.', (now) => now.snapshots);
  gauge('snapshots_kept', 'Snapshots on disk.', (now) => now.snapshots_kept);
  gauge('outbox_receipts', 'Receipts that the broker has not acknowledged yet.', (now) => now.outbox);
  counterBy(
    'uploads',
    'result',
    'Upload results received, by result; ignored: not signed as they have to be.',
    (now) => now.uploads,
  );
  gauge('mqtt_connected', '1 while the detector is connected to the broker.', (now) => (now.mqtt_connected ? 1 : 0));
  counter('mqtt_reconnects', 'Connections to the broker after the first.', (now) => now.mqtt_reconnects);
  gauge('uptime_seconds', 'Seconds since this process started.', (now) => now.uptime_seconds);
  registerRecognition(gauge, counter);
  registerVersion(registry, labels.version);
  registerProcess(registry);
  return () => registry.metrics();
}

type Register = (name: string, help: string, value: Read<Value>) => void;

function registerRecognition(gauge: Register, counter: Register): void {
  counter('recognition_looks', 'Looks for people.', (now) => now.recognition?.looks);
  gauge('recognition_look_seconds', 'Duration of the last look for people.', ({ recognition }) =>
    recognition === null || recognition.looks === 0 ? undefined : recognition.milliseconds / 1000,
  );
  gauge('people', 'People recognised at the last looks.', (now) => now.recognition?.people ?? undefined);
}

/**
 * Functions that register one metric each, whose value is read at every collection; a metric whose value is undefined has no
 * sample.
 */
function registration(registry: Registry, read: () => Readings) {
  const registers = [registry];
  return {
    gauge(name: string, help: string, value: Read<Value>): void {
      const collect = function (this: Gauge) {
        const current = value(read());
        if (current === undefined) this.remove();
        else this.set(current);
      };
      new Gauge({ name: `roomwatch_${name}`, help, registers, collect });
    },
    counter(name: string, help: string, value: Read<Value>): void {
      const collect = function (this: Counter) {
        const current = value(read());
        this.reset();
        if (current === undefined) this.remove();
        else this.inc(current);
      };
      new Counter({ name: `roomwatch_${name}_total`, help, registers, collect });
    },
    counterBy(name: string, label: string, help: string, values: Read<Readonly<Record<string, number>>>): void {
      const collect = function (this: Counter) {
        this.reset();
        for (const [key, value] of Object.entries(values(read()))) this.inc({ [label]: key }, value);
      };
      new Counter({ name: `roomwatch_${name}_total`, help, registers, labelNames: [label], collect });
    },
  };
}

function registerVersion(registry: Registry, version: string): void {
  const help = 'Always 1; the label is the version of the program.';
  const info = new Gauge({ name: 'roomwatch_info', help, registers: [registry], labelNames: ['version'] });
  info.set({ version }, 1);
}

/** CPU and memory under Prometheus's usual names, without the timers of prom-client's default metrics. */
function registerProcess(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent in seconds.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
