import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';

/** A process beside this one for work that would keep this one from its own. */
export type SideProcess<Question, Answer> = {
  /** One question at a time; rejects where the process fails or ends. */
  ask(question: Question): Promise<Answer>;
  close(): void;
};

/** What a side process sends back. */
export type SideAnswer<Answer> = { readonly answer: Answer } | { readonly error: string };

const niceness = 10;

/**
 * Starts `module` when it is first asked something, and ends it when it has not been asked for `idleSeconds`. It works
 * behind everything else on the machine, and ends by itself when this process is gone (see `answerQuestions`).
 */
export function createSideProcess<Question, Answer>(module: URL, idleSeconds: number): SideProcess<Question, Answer> {
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
    async ask(question) {
      clearTimeout(idle);
      child ??= start();
      const asked = child;
      const done = new AbortController();
      const { signal } = done;
      try {
        asked.send(question as object, (error) => error && asked.kill('SIGKILL'));
        const [said] = (await Promise.race([
          once(asked, 'message', { signal }),
          once(asked, 'exit', { signal }).then(() => [{ error: 'the process beside us has ended' }]),
        ])) as [SideAnswer<Answer>];
        if ('error' in said) throw new Error(said.error);
        return said.answer;
      } finally {
        done.abort();
        idle = setTimeout(close, idleSeconds * 1000).unref();
      }
    },
    close,
  };
}

/** The other side: answers each question until the process that asks is gone. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Answer): void {
  process.on('message', (question: Question) => {
    let said: SideAnswer<Answer>;
    try {
      said = { answer: answer(question) };
    } catch (error) {
      said = { error: error instanceof Error ? error.message : String(error) };
    }
    process.send?.(said);
  });
  process.on('disconnect', () => process.exit(0));
}
