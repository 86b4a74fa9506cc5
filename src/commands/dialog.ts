import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { pause } from '../async/pause.js';

/** Where to ask the user: a terminal, or a pipe with one answer on each line. */
export type Terminal = {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
};

const never = new AbortController().signal;

/** Questions and answers. */
export type Dialog = {
  say(text: string): void;
  /** Resolves with the answer without blanks around it, which is empty for Enter alone; undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  /** `ask` for something that the terminal must not show. */
  askSecret(question: string): Promise<string | undefined>;
  /** Whether the input has ended before the first answer; looks for a moment only, since a pipe may wait for a question. */
  isOver(): Promise<boolean>;
  close(): void;
};

/** Opens a dialog; when the signal is aborted, it is closed, and what waits for an answer is rejected. */
export function openDialog({ stdin, stdout }: Terminal, signal: AbortSignal): Dialog {
  const isTerminal = stdin.isTTY === true;
  let muted = false;
  // What is typed passes through here on a terminal.
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) stdout.write(chunk);
      done();
    },
  });
  const input = createInterface({ input: stdin, output: echo, terminal: isTerminal, historySize: 0 });
  input.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const stop = () => input.close();
  signal.addEventListener('abort', stop);
  // Not `question`, which loses lines that arrive before it is called, as from a pipe.
  const lines = input[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<string, unknown>> | undefined;
  const peek = () => (next ??= lines.next());

  async function ask(question: string): Promise<string | undefined> {
    if (isTerminal) {
      input.setPrompt(question);
      input.prompt();
    } else stdout.write(question);
    const line = await peek();
    signal.throwIfAborted();
    if (line.done === true) return undefined;
    next = undefined;
    if (!isTerminal) stdout.write('\n');
    return line.value.trim();
  }

  return {
    say: (text) => void stdout.write(`${text}\n`),
    ask,
    async askSecret(question) {
      if (!isTerminal) return ask(question);
      stdout.write(question);
      muted = true;
      try {
        return await ask('');
      } finally {
        muted = false;
        stdout.write('\n');
      }
    },
    isOver: async () => !isTerminal && (await Promise.race([peek().then(({ done }) => done === true), aMoment()])),
    close() {
      signal.removeEventListener('abort', stop);
      input.close();
    },
  };
}

async function aMoment(): Promise<false> {
  await pause(0.3, never);
  return false;
}
