import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';

/** A separate process for tasks that would block this one. */
export type WorkerProcess<Task, Result> = {
  /** Runs one task at a time; rejects if the task fails or the process ends. */
  run(task: Task): Promise<Result>;
  close(): void;
};

/** What a worker process sends back. */
export type WorkerAnswer<Result> = { readonly result: Result } | { readonly error: string };

const niceness = 10;

/**
 * Starts `module` for the first task, and ends it after `idleSeconds` without one. It runs with a low priority, and ends
 * by itself when this process is gone (see `handleTasks`).
 */
export function createWorkerProcess<Task, Result>(module: string, idleSeconds: number): WorkerProcess<Task, Result> {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;

  function close() {
    clearTimeout(idle);
    child?.kill('SIGKILL');
    child = undefined;
  }

  function start(): ChildProcess {
    const started = fork(module, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    if (started.pid !== undefined) setPriority(started.pid, niceness);
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  }

  return {
    async run(task) {
      clearTimeout(idle);
      child ??= start();
      const worker = child;
      const done = new AbortController();
      const { signal } = done;
      try {
        worker.send(task as object, (error) => error && worker.kill('SIGKILL'));
        const [answer] = (await Promise.race([
          once(worker, 'message', { signal }),
          once(worker, 'exit', { signal }).then(() => [{ error: 'the worker process has ended' }]),
        ])) as [WorkerAnswer<Result>];
        if ('error' in answer) throw new Error(answer.error);
        return answer.result;
      } finally {
        done.abort();
        idle = setTimeout(close, idleSeconds * 1000).unref();
      }
    },
    close,
  };
}

/** The worker's side: handles each task until the other process is gone. */
export function handleTasks<Task, Result>(handle: (task: Task) => Result): void {
  process.on('message', (task: Task) => {
    let answer: WorkerAnswer<Result>;
    try {
      answer = { result: handle(task) };
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.send?.(answer);
  });
  process.on('disconnect', () => process.exit(0));
}
