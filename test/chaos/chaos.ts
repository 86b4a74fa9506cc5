import { mkdtempSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSpool } from '../../src/adapters/files/spool.js';
import { snapshotFacts, type SnapshotReceipt } from '../../src/domain/contract/payloads.js';
import { until } from '../support/until.js';
import { newId } from '../../src/runtime/ids.js';
import { type Fault, schedule } from './schedule.js';
import { openTestSystem, type TestSystem } from './test-system.js';
import { tally, type Tally } from './tally.js';
import { openObserver, type Observer } from './observer.js';

/** The outcome of a run. */
export type Outcome = Tally & {
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  /** number of times a process ended without being asked to */
  readonly crashes: number;
  readonly falseStates: readonly string[];
  /** snapshots whose result the detector has not received */
  readonly waiting: readonly string[];
  readonly malformed: number;
  readonly seconds: number;
  /** folder of the logs and the data */
  readonly dir: string;
};

const dropboxFaults = [
  ...(['rate_limit', 'rate_limit_text', 'busy_429', 'busy_409', 'error_500', 'error_503', 'expired'] as const),
  ...(['reset_before', 'reset_after', 'slow', 'truncated', 'garbage', 'stall', 'drip', 'huge'] as const),
  // Refusals of the account, its base path, or a proxy before Dropbox.
  ...(['proxy_400', 'proxy_403', 'proxy_407', 'proxy_413', 'bad_request', 'path_root', 'no_permission'] as const),
  ...(['blocked_folder', 'malformed_path', 'disallowed_name', 'no_space', 'hash_mismatch', 'not_found'] as const),
];
/** size of a clock jump */
const hourSeconds = 3600;

/** Runs the whole system with the faults of a seed, then without faults until it is idle, and checks the result. */
export async function runChaos(root: string, seed: number, events: number, patienceSeconds = 240): Promise<Outcome> {
  const begun = performance.now();
  const dir = mkdtempSync(join(tmpdir(), `roomwatch-chaos-${seed}-`));
  const system = await openTestSystem(root, dir);
  const observer = openObserver(system.brokerPort);
  const faults: Record<string, number> = {};
  try {
    await until('a first snapshot is reported', 60, () =>
      Promise.resolve(requestSnapshot(observer) && observer.results.length > 0),
    );
    for (const fault of schedule(seed, events)) {
      faults[fault.kind] = (faults[fault.kind] ?? 0) + 1;
      causeFault(fault, system, observer);
      await pause(fault.pauseSeconds * 1000);
    }
    await endFaults(system, observer);
    const count = () =>
      tally({
        receipts: observer.receipts,
        results: observer.results,
        snapshots: system.snapshots,
        files: system.dropbox.account.list().map(({ path_display: path }) => {
          return { path, bytes: system.dropbox.account.read(path) ?? Buffer.alloc(0) };
        }),
      });
    const settled = async () => count().missing.length === 0 && (await unsettled(system, dir)).length === 0;
    await until('every snapshot is accounted for', patienceSeconds, settled).catch(() => undefined);
    const wrongStates = await falseStates(system, observer);
    const waiting = await unsettled(system, dir);
    const rest = {
      crashes: system.crashes(),
      falseStates: wrongStates,
      waiting,
      malformed: observer.malformed.length,
      dir,
    };
    return { seed, ...count(), faults, ...rest, seconds: Math.round((performance.now() - begun) / 1000) };
  } finally {
    observer.close();
    await system.close();
  }
}

/** Reads a copy of the detector's outbox, as the original is in use. */
async function unsettled({ outbox }: TestSystem, dir: string): Promise<string[]> {
  const copy = join(dir, 'outbox-copy');
  await copyFile(outbox, copy);
  const spool = await openSpool(copy, snapshotFacts);
  const ids = [...spool.keys()];
  await spool.close();
  return ids;
}

function requestSnapshot(observer: Observer): boolean {
  observer.publish('roomwatch/kitchen/command', 'snapshot');
  return true;
}

/** What a stranger makes of a true receipt that they read. */
const forgeries: readonly ((receipt: SnapshotReceipt) => object)[] = [
  (receipt) => ({ ...receipt, id: newId(Date.now() / 1000) }),
  (receipt) => ({ ...receipt, id: newId(Date.now() / 1000), taken_at: '2020-01-01T00:00:00.000Z' }),
  (receipt) => ({ ...receipt, sha256: '0'.repeat(64) }),
  (receipt) => ({ ...receipt, url: receipt.url.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9') }),
  (receipt) => ({ ...receipt, bytes: receipt.bytes + 1, signature: '0'.repeat(64) }),
];

function forgeReceipt(choice: number, observer: Observer): void {
  const last = [...observer.receipts.values()].at(-1);
  const forge = forgeries[Math.floor(choice * forgeries.length)];
  if (last !== undefined && forge !== undefined) observer.forge('roomwatch/kitchen/snapshot', forge(last));
}

function causeFault({ kind, seconds, choice }: Fault, system: TestSystem, observer: Observer): void {
  const uploader = system.uploaders[choice < 0.5 ? 0 : 1]!;
  const later = (action: () => void) => void setTimeout(action, seconds * 1000);
  switch (kind) {
    case 'request_snapshot':
      return void requestSnapshot(observer);
    case 'kill_detector':
      return system.detector.kill('SIGKILL', seconds);
    case 'kill_uploader':
      return uploader.kill('SIGKILL', seconds);
    case 'stop_uploader':
      return uploader.kill('SIGTERM', seconds);
    case 'broker_loses_sessions':
      system.loseSessionsNext();
      return system.broker.kill('SIGKILL', seconds);
    case 'kill_broker':
      return system.broker.kill(choice < 0.5 ? 'SIGKILL' : 'SIGTERM', seconds);
    case 'cut_mqtt':
      return system.mqttProxy.cut();
    case 'cut_http':
      return system.httpProxy.cut();
    case 'dropbox_fault': {
      const fault = dropboxFaults[Math.floor(choice * dropboxFaults.length)]!;
      return system.dropbox.faults.plan({ script: [{ kind: fault, times: 1 + Math.floor(seconds * 2), seconds: 1 }] });
    }
    case 'full_detector_disk':
      system.detectorDisk.fill();
      return later(() => system.detectorDisk.free());
    case 'full_uploader_disk':
      system.uploaderDisk.fill();
      return later(() => system.uploaderDisk.free());
    case 'move_detector':
      return void system.moveDetector(seconds);
    case 'change_secret':
      system.changeSecret();
      system.detector.kill('SIGTERM', 0);
      // For a while, an uploader has another secret than the detector.
      return later(() => system.uploaders.forEach((one) => one.kill('SIGTERM', 0)));
    case 'forged_receipt':
      return forgeReceipt(choice, observer);
    case 'broken_transfer': {
      const how = (['cut short', 'reset', 'garbage'] as const)[Math.floor(choice * 3)]!;
      return system.httpProxy.spoilNext(how, 1 + Math.floor(seconds * 3));
    }
    case 'clock_jump':
      return system.setClock(choice < 0.33 ? hourSeconds : choice < 0.66 ? -hourSeconds : 0);
  }
}

/** Ends all faults, restarts the uploaders so that their pauses are short, and disarms the detector. */
async function endFaults(system: TestSystem, observer: Observer): Promise<void> {
  await pause(2000);
  system.dropbox.faults.plan({ script: [] });
  system.detectorDisk.free();
  system.uploaderDisk.free();
  system.setClock(0);
  system.httpProxy.spoilNext('reset', 0);
  for (const uploader of system.uploaders) uploader.kill('SIGTERM', 0);
  // Both uploaders learn the address of now: of a snapshot that the other one has archived, no receipt comes again.
  for (let n = 0; n < 12; n += 1) {
    await pause(700);
    requestSnapshot(observer);
  }
  // What was requested last is announced before anything is counted.
  await pause(3000);
  await until('the detector is disarmed', 60, async () => {
    observer.publish('roomwatch/kitchen/settings/set', '{"armed":false}');
    return (await observer.retained()).get('roomwatch/kitchen/settings')?.includes('"armed":false');
  });
}

/** The retained states that are wrong. */
async function falseStates(system: TestSystem, observer: Observer): Promise<string[]> {
  const expected = [
    ['roomwatch/kitchen/availability', 'online'],
    ['roomwatch/uploaders/one/availability', 'online'],
    ['roomwatch/uploaders/two/availability', 'online'],
  ] as const;
  const wrong = async () => {
    const states = await observer.retained();
    const list = expected.flatMap(([topic, payload]) => {
      return states.get(topic) === payload ? [] : [`${topic} is ${states.get(topic)}, not ${payload}`];
    });
    for (const name of ['one', 'two']) {
      const topic = `roomwatch/uploaders/${name}/status`;
      const status = JSON.parse(states.get(topic) ?? '{}') as { state?: string; queued?: number };
      if (status.state !== 'idle' || status.queued !== 0) list.push(`${topic} is ${JSON.stringify(status)}`);
    }
    const said = (JSON.parse(states.get('roomwatch/kitchen/room-status') ?? '{}') as { status?: string }).status;
    const metrics = await (await fetch(`http://127.0.0.1:${system.httpPort}/metrics`)).text();
    const value = (name: string) => new RegExp(`^roomwatch_${name}(?:\\{[^}]*\\})? (\\d)`, 'm').exec(metrics)?.[1];
    const is = value('room_known') === '0' ? 'unknown' : value('room_occupied') === '1' ? 'occupied' : 'unoccupied';
    if (said !== is) list.push(`room-status is ${said}, the room is ${is}`);
    return list;
  };
  let list = await wrong();
  // The camera runs on, so a new state may be on its way.
  for (let tries = 0; tries < 40 && list.length > 0; tries += 1) {
    await pause(500);
    list = await wrong().catch((cause: unknown) => [String(cause)]);
  }
  return list;
}
