import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { backoffSeconds } from '../../domain/backoff.js';
import type { Log } from '../log.js';
import { pause } from '../../async/pause.js';
import { judgeEnding } from './restart-rule.js';
import { supervisorVariable } from './supervised.js';
import { monotonicSeconds } from '../../async/clock.js';

/** A process to keep running. */
export type ChildPlan = {
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** whether it may end by itself, with status 0 */
  readonly finishes: boolean;
  /** whether it is started again although it failed at once, since others go on without it */
  readonly keepsTrying?: boolean;
};

/** A process that is kept running. */
export type Child = {
  /** Resolves with the exit status when the process will not be started again (see `judgeEnding`), or was stopped. */
  readonly over: Promise<number>;
  /** Resolves with the first message of the process. */
  readonly firstMessage: Promise<unknown>;
  /** Sends SIGTERM, and waits until the process has ended. */
  stop(): Promise<void>;
  /** Sends SIGKILL. */
  kill(): void;
};

const restart = { floorSeconds: 1, ceilingSeconds: 30, jitter: 0 };

/**
 * Starts a process, and starts it again, after growing pauses, whenever it crashes. It shares stdout and stderr with this
 * process, and has a channel that closes when this process ends in any way (see `run`).
 */
export function keepRunning(plan: ChildPlan, log: Log): Child {
  const stopping = new AbortController();
  const env = { ...plan.env, [supervisorVariable]: String(process.pid) };
  let current: ChildProcess | undefined;
  let receive: (message: unknown) => void = () => {};
  const firstMessage = new Promise<unknown>((resolve) => (receive = resolve));

  async function keepStarting(): Promise<number> {
    let attempts = 0;
    while (!stopping.signal.aborted) {
      const startedAt = monotonicSeconds();
      current = fork(plan.module, plan.args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      current.once('message', receive);
      const [code, signal] = (await once(current, 'exit')) as [number | null, NodeJS.Signals | null];
      if (stopping.signal.aborted) break;
      const uptimeSeconds = monotonicSeconds() - startedAt;
      const verdict = judgeEnding({ ...plan, status: code ?? undefined, uptimeSeconds }, attempts);
      if (verdict.kind === 'over') return verdict.status;
      attempts = verdict.attempt;
      const seconds = backoffSeconds(attempts, restart, Math.random());
      log.error({ process: plan.name, status: code, signal, seconds }, `${plan.name} ended; starting it again`);
      await pause(seconds, stopping.signal);
    }
    return 0;
  }

  const over = keepStarting();
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
