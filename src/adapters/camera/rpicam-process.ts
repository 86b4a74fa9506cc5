import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A running `rpicam-vid`. */
export type RpicamProcess = {
  readonly output: Readable;
  /** Resolves to the next `length` bytes of its output, or undefined at the end of the output. */
  read(length: number): Promise<Buffer | undefined>;
  /** Resolves to the reason once the program has ended or could not be started. */
  readonly ended: Promise<string>;
  kill(this: void): void;
};

/** Starts `rpicam-vid` from PATH. Does not throw: if the program cannot be started, `ended` gives the reason. */
export function startRpicam(args: readonly string[]): RpicamProcess {
  const child = spawn('rpicam-vid', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let lastError = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // Between its messages it prints a line per frame: `#12 (15.98 fps) exp 33251.00 ag 1.00 dg 1.00`.
    const lines = text.split('\n').filter((line) => /\berror\b|failed|\*\*\*/i.test(line));
    lastError = lines.at(-1)?.trim() ?? lastError;
  });

  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ENOENT'
          ? 'rpicam-vid is not installed (apt install rpicam-apps)'
          : `rpicam-vid cannot be started: ${error.message}`,
      ),
    );
    child.once('close', (status, signal) =>
      resolve(`rpicam-vid ended with ${signal ?? `status ${status}`}${lastError && `: ${lastError}`}`),
    );
  });
  void ended.then(() => process.removeListener('exit', kill));

  let wake = () => {};
  const wakeReader = () => wake();
  child.stdout.on('readable', wakeReader).on('close', wakeReader).on('error', wakeReader);

  return {
    output: child.stdout,
    async read(length) {
      for (;;) {
        const bytes = child.stdout.read(length) as Buffer | null;
        if (bytes?.length === length) return bytes;
        if (bytes !== null || child.stdout.readableEnded || child.stdout.destroyed) return undefined;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    ended,
    kill,
  };
}
