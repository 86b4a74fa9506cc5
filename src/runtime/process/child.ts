import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { backoffSeconds } from '../../domain/backoff.js';
import type { Log } from '../log.js';
import { pause } from '../../async/pause.js';
import { judgeEnding } from './restart-rule.js';
import { supervisorVariable } from './supervised.js';
import { monotonicSeconds } from '../../async/clock.js';

/** A process to keep running: a module, its arguments and its environment. */
export type ChildPlan = {
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** whether it may come to an end of its own, with status 0 */
  readonly finishes: boolean;
};

/** A process that is kept running. */
export type Child = {
  /** Settles with the exit status once it is over for good: done, refused, never came up, or stopped. */
  readonly over: Promise<number>;
  /** Settles with the first message of the process. */
  readonly firstMessage: Promise<unknown>;
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

const restart = { floorSeconds: 1, ceilingSeconds: 30, jitter: 0 };

/**
 * Starts a process and starts it again, after growing pauses, whenever it crashes. It shares stdout and stderr, and has
 * a channel by which it sees when this process is gone, however that dies (see `run`).
 */
export function keepRunning(plan: ChildPlan, log: Log): Child {
  const stopping = new AbortController();
  const env = { ...plan.env, [supervisorVariable]: String(process.pid) };
  let current: ChildProcess | undefined;
  let hear: (message: unknown) => void = () => {};
  const firstMessage = new Promise<unknown>((resolve) => (hear = resolve));

  async function live(): Promise<number> {
    let attempts = 0;
    while (!stopping.signal.aborted) {
      const startedAt = monotonicSeconds();
      current = fork(plan.module, plan.args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      current.once('message', hear);
      const [code, signal] = (await once(current, 'exit')) as [number | null, NodeJS.Signals | null];
      if (stopping.signal.aborted) break;
      const uptimeSeconds = monotonicSeconds() - startedAt;
      const verdict = judgeEnding({ status: code ?? undefined, uptimeSeconds, finishes: plan.finishes }, attempts);
      if (verdict.kind === 'over') return verdict.status;
      attempts = verdict.attempt;
      const seconds = backoffSeconds(attempts, restart, Math.random());
      log.error({ process: plan.name, status: code, signal, seconds }, `${plan.name} ended; starting it again`);
      await pause(seconds, stopping.signal);
    }
    return 0;
  }

  const over = live();
  return {
    over,
    firstMessage,
    async stop() {
      stopping.abort();
      current?.kill('SIGTERM');
      await over;
    },
    kill: () => void current?.kill('SIGKILL'),
  };
}
