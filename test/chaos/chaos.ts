import { mkdtempSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSpool } from '../../src/adapters/files/spool.js';
import { snapshotReceipt } from '../../src/domain/contract/payloads.js';
import { until } from '../support/until.js';
import { type Mishap, schedule } from './schedule.js';
import { openStage, type Stage } from './stage.js';
import { tally, type Tally } from './tally.js';
import { openWitness, type Witness } from './witness.js';

/** How a run came out. */
export type Outcome = Tally & {
  readonly seed: number;
  readonly mishaps: Readonly<Record<string, number>>;
  /** processes that ended although nobody had asked them to */
  readonly crashes: number;
  readonly untrue: readonly string[];
  /** snapshots of which the detector has not heard how they ended */
  readonly waiting: readonly string[];
  readonly malformed: number;
  readonly seconds: number;
  /** logs and data, for who wants to know more */
  readonly dir: string;
};

const faults = [
  ...(['rate_limit', 'rate_limit_text', 'busy_429', 'busy_409', 'error_500', 'error_503', 'expired'] as const),
  ...(['reset_before', 'reset_after', 'slow', 'truncated', 'garbage', 'stall'] as const),
];
/** This much clock is jumped. */
const hour = 3600;

/** Runs the whole system through the mishaps of a seed, lets it come to rest, and counts. */
export async function runChaos(root: string, seed: number, events: number, patienceSeconds = 240): Promise<Outcome> {
  const begun = performance.now();
  const dir = mkdtempSync(join(tmpdir(), `roomwatch-chaos-${seed}-`));
  const stage = await openStage(root, dir);
  const witness = openWitness(stage.brokerPort);
  const mishaps: Record<string, number> = {};
  try {
    await until('a first snapshot is reported', 60, () => Promise.resolve(ask(witness) && witness.results.length > 0));
    for (const mishap of schedule(seed, events)) {
      mishaps[mishap.kind] = (mishaps[mishap.kind] ?? 0) + 1;
      happen(mishap, stage, witness);
      await pause(mishap.pauseSeconds * 1000);
    }
    await calmDown(stage, witness);
    const count = () =>
      tally({
        heard: witness.heard,
        results: witness.results,
        snapshots: stage.snapshots,
        files: stage.dropbox.account.list().map(({ path_display: path }) => {
          return { path, bytes: stage.dropbox.account.read(path) ?? Buffer.alloc(0) };
        }),
      });
    const settled = async () => count().missing.length === 0 && (await unsettled(stage, dir)).length === 0;
    await until('all is accounted for', patienceSeconds, settled).catch(() => undefined);
    const untrue = await falseStates(stage, witness);
    const waiting = await unsettled(stage, dir);
    const rest = { crashes: stage.crashes(), untrue, waiting, malformed: witness.malformed.length, dir };
    return { seed, ...count(), mishaps, ...rest, seconds: Math.round((performance.now() - begun) / 1000) };
  } finally {
    witness.close();
    await stage.close();
  }
}

/** Read from a copy of the detector's outbox, which is in use. */
async function unsettled({ outbox }: Stage, dir: string): Promise<string[]> {
  const copy = join(dir, 'outbox-copy');
  await copyFile(outbox, copy);
  const spool = await openSpool(copy, snapshotReceipt);
  const ids = [...spool.keys()];
  await spool.close();
  return ids;
}

function ask(witness: Witness): boolean {
  witness.say('roomwatch/kitchen/command', 'snapshot');
  return true;
}

function happen({ kind, seconds, lot }: Mishap, stage: Stage, witness: Witness): void {
  const uploader = stage.uploaders[lot < 0.5 ? 0 : 1]!;
  const later = (action: () => void) => void setTimeout(action, seconds * 1000);
  switch (kind) {
    case 'ask_snapshot':
      return void ask(witness);
    case 'kill_detector':
      return stage.detector.kill('SIGKILL', seconds);
    case 'kill_uploader':
      return uploader.kill('SIGKILL', seconds);
    case 'stop_uploader':
      return uploader.kill('SIGTERM', seconds);
    case 'forget_broker':
      stage.forgetNext();
      return stage.broker.kill('SIGKILL', seconds);
    case 'kill_broker':
      return stage.broker.kill(lot < 0.5 ? 'SIGKILL' : 'SIGTERM', seconds);
    case 'cut_mqtt':
      return stage.mqttWire.cut();
    case 'cut_http':
      return stage.httpWire.cut();
    case 'dropbox_fault': {
      const fault = faults[Math.floor(lot * faults.length)]!;
      return stage.dropbox.faults.plan({ script: [{ kind: fault, times: 1 + Math.floor(seconds * 2), seconds: 1 }] });
    }
    case 'full_detector_disk':
      stage.detectorDisk.fill();
      return later(() => stage.detectorDisk.free());
    case 'full_uploader_disk':
      stage.uploaderDisk.fill();
      return later(() => stage.uploaderDisk.free());
    case 'clock_jump':
      return stage.setClock(lot < 0.33 ? hour : lot < 0.66 ? -hour : 0);
  }
}

/** Everything works again, the uploaders begin with their pauses short, and the detector takes no more pictures. */
async function calmDown(stage: Stage, witness: Witness): Promise<void> {
  await pause(2000);
  stage.dropbox.faults.plan({ script: [] });
  stage.detectorDisk.free();
  stage.uploaderDisk.free();
  stage.setClock(0);
  for (const uploader of stage.uploaders) uploader.kill('SIGTERM', 0);
  await until('the detector is disarmed', 60, async () => {
    witness.say('roomwatch/kitchen/settings/set', '{"armed":false}');
    return (await witness.retained()).get('roomwatch/kitchen/settings')?.includes('"armed":false');
  });
}

/** What is retained and not so. */
async function falseStates(stage: Stage, witness: Witness): Promise<string[]> {
  const expected = [
    ['roomwatch/kitchen/availability', 'online'],
    ['roomwatch/uploaders/one/availability', 'online'],
    ['roomwatch/uploaders/two/availability', 'online'],
  ] as const;
  const wrong = async () => {
    const states = await witness.retained();
    const list = expected.flatMap(([topic, payload]) => {
      return states.get(topic) === payload ? [] : [`${topic} is ${states.get(topic)}, not ${payload}`];
    });
    for (const name of ['one', 'two']) {
      const topic = `roomwatch/uploaders/${name}/status`;
      const status = JSON.parse(states.get(topic) ?? '{}') as { state?: string; queued?: number };
      if (status.state !== 'idle' || status.queued !== 0) list.push(`${topic} is ${JSON.stringify(status)}`);
    }
    const said = (JSON.parse(states.get('roomwatch/kitchen/room-status') ?? '{}') as { status?: string }).status;
    const metrics = await (await fetch(`http://127.0.0.1:${stage.httpPort}/metrics`)).text();
    const value = (name: string) => new RegExp(`^roomwatch_${name}(?:\\{[^}]*\\})? (\\d)`, 'm').exec(metrics)?.[1];
    const is = value('room_known') === '0' ? 'unknown' : value('room_occupied') === '1' ? 'occupied' : 'unoccupied';
    if (said !== is) list.push(`room-status is ${said}, the room is ${is}`);
    return list;
  };
  let list = await wrong();
  // A camera that runs changes its mind: a state may be on its way.
  for (let tries = 0; tries < 40 && list.length > 0; tries += 1) {
    await pause(500);
    list = await wrong().catch((cause: unknown) => [String(cause)]);
  }
  return list;
}
