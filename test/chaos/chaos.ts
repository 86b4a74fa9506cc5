import { mkdtempSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSpool } from '../../src/adapters/files/spool.js';
import { snapshotFacts } from '../../src/domain/contract/payloads.js';
import { until } from '../support/until.js';
import { falseStates } from './false-states.js';
import { createDamagedPlaces } from './damage.js';
import { causeFault, requestSnapshot, type Scene } from './faults.js';
import { schedule } from './schedule.js';
import { openTestSystem, type TestSystem } from './test-system.js';
import { tally, type Tally } from './tally.js';
import { openObserver } from './observer.js';

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

/**
 * Runs the whole system with the faults of a seed, then without faults until it is idle, and checks the result.
 * @param pace makes the pauses between the faults longer
 */
export async function runChaos(
  root: string,
  seed: number,
  events: number,
  pace: number,
  patienceSeconds = 240,
): Promise<Outcome> {
  const begun = performance.now();
  const dir = mkdtempSync(join(tmpdir(), `roomwatch-chaos-${seed}-`));
  const system = await openTestSystem(root, dir);
  const observer = openObserver(system.brokerPort);
  const damaged = new Set<string>();
  const hasEnded = (id: string) => observer.results.some(({ snapshot }) => snapshot === id);
  const damagedPlaces = createDamagedPlaces(() => [...damaged].some((id) => !hasEnded(id)));
  system.onMended(damagedPlaces.mended);
  const scene: Scene = { system, observer, damaged, damagedPlaces };
  const faults: Record<string, number> = {};
  try {
    await until('a first snapshot is reported', 180, () =>
      Promise.resolve(requestSnapshot(scene) && observer.results.length > 0),
    );
    for (const fault of schedule(seed, events)) {
      faults[fault.kind] = (faults[fault.kind] ?? 0) + 1;
      causeFault(fault, scene);
      await pause(fault.pauseSeconds * pace * 1000);
    }
    await endFaults(scene);
    const count = () =>
      tally({
        receipts: observer.receipts,
        results: observer.results,
        snapshots: system.roomFolders().map((folder) => join(folder, 'snapshots')),
        damaged: scene.damaged,
        files: system.dropbox.account.list().map(({ path_display: path }) => {
          return { path, bytes: system.dropbox.account.read(path) ?? Buffer.alloc(0) };
        }),
      });
    const settled = async () => count().missing.length === 0 && (await unsettled(system, dir)).length === 0;
    const settle = () => until('every snapshot is accounted for', patienceSeconds, settled).catch(() => undefined);
    await settle();
    const wrongStates = await falseStates(scene);
    // A detector on a busy machine may have taken another one meanwhile, of a frame before it was disarmed.
    await settle();
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

/** Reads copies of the detector's outboxes, as the originals are in use. */
async function unsettled({ roomFolders }: TestSystem, dir: string): Promise<string[]> {
  const ids: string[] = [];
  for (const folder of roomFolders()) {
    const copy = join(dir, 'outbox-copy');
    await rm(copy, { force: true });
    await copyFile(join(folder, 'outbox'), copy).catch(() => undefined);
    const spool = await openSpool(copy, snapshotFacts);
    ids.push(...spool.keys());
    await spool.close();
  }
  return ids;
}

/** Ends all faults, restarts the uploaders so that their pauses are short, and disarms the detector. */
async function endFaults(scene: Scene): Promise<void> {
  const { system, observer } = scene;
  await pause(2000);
  system.dropbox.faults.plan({ script: [] });
  system.detectorDisk.free();
  system.uploaderDisk.free();
  system.setClock(0);
  system.httpProxy.spoilNext('reset', 0);
  system.mqttProxy.swallowPubacks(0);
  system.mqttProxy.refuseSubscriptions(0);
  system.denyTopics([]);
  for (const uploader of system.uploaders) uploader.signal('SIGCONT');
  for (const uploader of system.uploaders) uploader.kill('SIGTERM', 0);
  // Both uploaders learn the address of now: of a snapshot that the other one has archived, no receipt comes again.
  await pause(1000);
  await until('detector and uploaders are online', 120, async () => {
    const states = await observer.retained();
    const present = [system.room, 'uploaders/one', 'uploaders/two'];
    return present.every((one) => states.get(`roomwatch/${one}/availability`) === 'online');
  });
  const before = observer.receipts.size;
  await until('new pictures are announced', 120, () =>
    Promise.resolve(requestSnapshot(scene) && observer.receipts.size >= before + 8),
  );
  // What was requested last is announced before anything is counted.
  await pause(3000);
  await until('the detector is disarmed', 60, async () => {
    observer.publish(`roomwatch/${system.room}/settings/set`, '{"armed":false}');
    return (await observer.retained()).get(`roomwatch/${system.room}/settings`)?.includes('"armed":false');
  });
}
