import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A directory that this process holds. */
export type Lock = { release(): Promise<void> };

/** Another process holds the directory. */
export class LockedError extends Error {
  override name = 'LockedError';
}

/**
 * Locks a directory (created if missing) for this process, or throws a `LockedError`. The lock is a Unix socket in the
 * directory that this process listens on: the kernel closes it when the process ends in any way, and unlike a process id it
 * means the same in every container that shares the directory.
 *
 * The sockets are numbered. If no process listens on the highest one, a process links its own socket under the next number,
 * which only one process can do. The highest number is never removed, so no number is used twice.
 */
export async function lockDirectory(dir: string, holder: string): Promise<Lock> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const directory = await open(dir, 'r');
  // The path of a socket may have 107 bytes; this one is short, whatever the name of the directory.
  const base = process.platform === 'linux' ? `/proc/self/fd/${directory.fd}` : dir;
  const at = (name: string) => join(base, name);
  const own = `.lock-${randomBytes(6).toString('hex')}`;
  const server = await listen(at(own));
  const release = async () => {
    await close(server);
    await directory.close();
  };
  try {
    for (;;) {
      const highest = (await lockNumbers(base)).at(-1) ?? 0;
      if (highest > 0 && (await answers(at(`lock.${highest}`))))
        throw new LockedError(`${dir} is in use: another ${holder} runs on it. Stop it, or set another data_dir.`);
      const mine = highest + 1;
      if (!(await linked(at(own), at(`lock.${mine}`)))) continue;
      const numbers = await lockNumbers(base);
      if (numbers.at(-1) !== mine) {
        await unlink(at(`lock.${mine}`));
        continue;
      }
      await Promise.allSettled(numbers.slice(0, -1).map((number) => unlink(at(`lock.${number}`))));
      return { release };
    }
  } catch (cause) {
    await release();
    throw cause;
  } finally {
    await unlink(at(own)).catch(() => undefined);
  }
}

async function lockNumbers(dir: string): Promise<number[]> {
  const numbers = (await readdir(dir)).flatMap((name) => /^lock\.(\d{1,15})$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((a, b) => a - b);
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Whether a process listens on the socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    // EAGAIN: its queue is full, so it is running.
    connection.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code === 'EAGAIN'));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
