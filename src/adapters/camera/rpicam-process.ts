import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A running `rpicam-vid`. */
export type RpicamProcess = {
  readonly output: Readable;
  /** The next `length` bytes of its output, undefined at the end of it. */
  read(length: number): Promise<Buffer | undefined>;
  /** Settles when the program is gone, with why. */
  readonly ended: Promise<string>;
  kill(this: void): void;
};

/** Starts the program of that name in PATH; that it cannot be started is told by `ended`, not thrown. */
export function startRpicam(args: readonly string[]): RpicamProcess {
  const child = spawn('rpicam-vid', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // Between its messages it counts frames: `#12 (15.98 fps) exp 33251.00 ag 1.00 dg 1.00`.
    const lines = text.split('\n').filter((line) => /\berror\b|failed|\*\*\*/i.test(line));
    complaint = lines.at(-1)?.trim() ?? complaint;
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
      resolve(`rpicam-vid ended with ${signal ?? `status ${status}`}${complaint && `: ${complaint}`}`),
    );
  });
  void ended.then(() => process.removeListener('exit', kill));

  let wake = () => {};
  const settle = () => wake();
  child.stdout.on('readable', settle).on('close', settle).on('error', settle);

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
