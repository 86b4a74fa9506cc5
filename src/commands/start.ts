import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfig } from '../runtime/config/config.js';
import { packageFile } from '../package-file.js';
import { childEnvironment } from '../runtime/config/environment.js';
import type { Log } from '../runtime/log.js';
import { keepRunning } from '../runtime/process/child.js';
import { recogniserVariable } from '../runtime/process/supervised.js';
import { planDetectors, planProcesses, sharesModel, type Home, type ProcessPlan } from './start/plan-processes.js';
import { createProcessGroup, type ProcessGroup } from './start/process-group.js';
import { welcome } from './start/welcome.js';

const cli = packageFile('dist/cli.js');

/**
 * glibc (mallopt(3)): give memory back soon, and do not keep an area for each thread. It saves 30 MB in the process with the model and
 * 10 MB in the uploader; a detector, which allocates with every frame, gains nothing by it.
 */
const leanMalloc = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '65536' };

/** What `roomwatch start` works with. */
export type StartNeeds = Home & {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** the configuration file, if there is one */
  readonly file: string | undefined;
  /** what to run, if not everything */
  readonly only?: 'detectors' | undefined;
  /** the times when the configuration is to be read again */
  readonly rereads: AsyncIterable<unknown>;
  /** Reads the configuration again. */
  reread(): LoadedConfig;
};

/**
 * `roomwatch start`: runs the broker (if embedded), the uploader, and a detector for each room, each in its own process, until the
 * signal is aborted. Resolves with 0, or with the status of the first one without which the others are of no use.
 */
export async function runStart(needs: StartNeeds): Promise<number> {
  const { log, signal, file } = needs;
  if (signal.aborted) return 0;
  const folder = mkdtempSync(join(tmpdir(), 'roomwatch-'));
  const socket = join(folder, 'recogniser');
  const group = createProcessGroup((plan, alone) => startChild(plan, alone, needs, socket), log);
  // However this process ends, no child stays behind; if it is killed, the children notice that themselves.
  process.on('exit', () => {
    group.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const stopped = once(signal, 'abort').then(() => 0);
  for (const line of needs.only === undefined ? welcome(needs, file) : []) log.info(line);
  const failed = runGroup(group, needs, socket).then(() => group.over);
  const status = await Promise.race([failed, group.over, stopped]);
  await group.stop();
  return status;
}

function startChild(plan: ProcessPlan, alone: boolean, { file, log }: StartNeeds, socket: string) {
  const { name, kind, args, values, usesSocket } = plan;
  const conf = file === undefined ? [] : ['--conf', file];
  const own = { ...childEnvironment(process.env, values), [recogniserVariable]: usesSocket ? socket : undefined };
  const env = kind === 'detector' ? own : { ...leanMalloc, ...own };
  const finishes = kind === 'detector';
  return keepRunning(
    {
      name,
      module: cli,
      args: [...args, ...conf],
      env,
      finishes,
      keepsTrying: !alone || kind === 'recogniser' || kind === 'page',
    },
    log,
  );
}

/** Starts all processes, then adapts them to the configuration whenever that is to be read again. */
async function runGroup(group: ProcessGroup, needs: StartNeeds, socket: string): Promise<void> {
  const { log, rereads, reread, signal } = needs;
  const plan = needs.only === 'detectors' ? planDetectors : planProcesses;
  // Once it is shared it stays so: a detector that goes on uses it.
  let isShared = sharesModel(needs);
  let plans = plan(needs, isShared ? socket : undefined);
  await group.update(plans);
  for await (const _ of rereads) {
    const loaded = reread();
    if ('problems' in loaded) {
      for (const problem of loaded.problems) log.error(`nothing was changed: ${problem}`);
      continue;
    }
    const before = plans;
    isShared ||= sharesModel(loaded);
    plans = plan(loaded, isShared ? socket : undefined);
    for (const line of changesBetween(before, plans)) log.info(line);
    if (signal.aborted) return;
    await group.update(plans);
  }
}

function changesBetween(before: readonly ProcessPlan[], now: readonly ProcessPlan[]): string[] {
  const was = new Map(before.map(({ key, needs }) => [key, needs]));
  const keys = new Set(now.map(({ key }) => key));
  const lines = [
    ...before.filter(({ key }) => !keys.has(key)).map(({ key }) => `stopping ${key}`),
    ...now.flatMap(({ key, needs }) => {
      if (!was.has(key)) return [`starting ${key}`];
      return was.get(key) === needs ? [] : [`starting ${key} again: its configuration has changed`];
    }),
  ];
  return lines.length > 0 ? lines : ['the configuration has not changed'];
}
