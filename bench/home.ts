import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.js';
import { childrenOf, commandLineOf } from '../test/support/proc.js';
import { roomClip } from './bench-clips.js';
import { cpuMs, pssMb } from './proc.js';
import { quantile } from './statistics.js';

type Needs = { readonly folder: string; progress(words: string): void };

/** What the processes of one kind take together. */
export type Share = {
  readonly kind: string;
  readonly processes: number;
  readonly pssMb: number;
  readonly cpuPercent: number;
};

const rooms = ['people', 'nobody', 'people', 'nobody'] as const;
/** V8 has compiled what is hot by then, and the start has given its memory back. */
const settleSeconds = 90;
const measuredSeconds = 60;
const lookEverySeconds = 5;

/**
 * Runs one `roomwatch start` with four rooms (640x480 at 10 frames a second, two of them always with people, recognition on), the
 * embedded broker and the page of all rooms. PSS is the median of several looks, CPU per cent of a core, both by kind of process.
 */
export async function measureHome({ folder, progress }: Needs): Promise<readonly Share[]> {
  const conf = join(folder, 'home.json');
  const settings = {
    rooms: rooms.map((has, index) => {
      // No two rooms may have the same camera.
      const source = join(folder, `camera${index + 1}.mp4`);
      copyFileSync(roomClip(has).path, source);
      return { room: `room${index + 1}`, camera: { source } };
    }),
    data_dir: join(folder, 'home'),
    broker: { embedded: true, port: await freePort() },
    http: { port: await freePort(), password: 'bench' },
    archive: { folder: join(folder, 'home-archive') },
    log: { level: process.env['BENCH_VERBOSE'] === undefined ? 'error' : 'info' },
  };
  writeFileSync(conf, JSON.stringify(settings));
  const started = spawn(process.execPath, ['dist/cli.js', 'start', '--conf', conf], { stdio: 'inherit' });
  const { pid } = started;
  if (pid === undefined) throw new Error('`roomwatch start` did not start');
  const ended = once(started, 'exit');
  try {
    await pause(settleSeconds * 1000);
    progress(`home: ${rooms.length} rooms run; measuring for ${measuredSeconds} s`);
    return await measureShares([pid, ...childrenOf(pid)]);
  } finally {
    started.kill('SIGTERM');
    await ended;
  }
}

async function measureShares(pids: readonly number[]): Promise<readonly Share[]> {
  const before = pids.map(cpuMs);
  const begun = performance.now();
  const looks: number[][] = [];
  while (performance.now() - begun < measuredSeconds * 1000) {
    await pause(lookEverySeconds * 1000);
    looks.push(pids.map(pssMb));
  }
  const wallMs = performance.now() - begun;
  const each = pids.map((pid, index) => ({
    kind: kindOf(pid),
    pss: quantile(
      looks.map((look) => look[index]!),
      0.5,
    ),
    cpu: ((cpuMs(pid) - before[index]!) / wallMs) * 100,
  }));
  return [...new Set(each.map(({ kind }) => kind))].map((kind) => {
    const all = each.filter((one) => one.kind === kind);
    const sum = (read: (one: (typeof each)[number]) => number) => all.reduce((total, one) => total + read(one), 0);
    return { kind, processes: all.length, pssMb: sum(({ pss }) => pss), cpuPercent: sum(({ cpu }) => cpu) };
  });
}

/** The command that the process runs: the word after the path of the program. */
function kindOf(pid: number): string {
  const words = commandLineOf(pid);
  return words[words.findIndex((word) => word.endsWith('cli.js')) + 1] ?? 'unknown';
}
