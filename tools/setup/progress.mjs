import { spawnSync } from 'node:child_process';

/** Something the user has to put right; its message says how. */
export class SetupProblem extends Error {}

const began = Date.now();
let steps = 0;

/** Says what is about to happen and how long that may take, does it, and says how long it took. */
export function step(what, expected, work) {
  const start = Date.now();
  process.stderr.write(`set-up: ${what} (${expected}) ...\n`);
  const result = work();
  steps += 1;
  process.stderr.write(`set-up:   done in ${duration(Date.now() - start)}\n`);
  return result;
}

/** Says how long everything took, where there was anything to do. */
export function sayTotal() {
  if (steps > 1) process.stderr.write(`set-up: ready after ${duration(Date.now() - began)}\n`);
}

/** Runs a program quietly; where it fails, the end of what it said is part of the problem. */
export function run(program, args, options = {}) {
  const { env, problem, lines = 40, ...rest } = options;
  const ran = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...rest,
  });
  if (ran.status === 0) return ran.stdout;
  const said = ran.error
    ? ran.error.message
    : `${ran.stdout}${ran.stderr}`.trimEnd().split('\n').slice(-lines).join('\n');
  throw new SetupProblem(`${problem ?? `${program} ${args.join(' ')} failed`}\n${said}`);
}

function duration(ms) {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
