import type { Log } from '../../runtime/log.js';
import { replaceFileSync } from './atomic-file.js';

/** Whether a process can do its work, and if not, why. */
export type HealthState = { readonly ok: true } | { readonly ok: false; readonly why: string };

const intervalMs = 10_000;

/**
 * Writes `{"ok":true,"at":"…"}` into a file every 10 s, for a supervisor that has no other way to ask (a container's
 * health check). An `at` that has grown old means that the process hangs.
 */
export function openHealthFile(path: string, health: () => HealthState, log: Pick<Log, 'warn'>): { close(): void } {
  let failing = false;
  const write = () => {
    try {
      const text = `${JSON.stringify({ ...health(), at: new Date().toISOString() })}\n`;
      // Mode by the umask: the supervisor may be another user. Not fsynced: it is of no use after a power cut.
      replaceFileSync(path, text, { mode: undefined, durable: false });
      failing = false;
    } catch (error) {
      // On a full disk the old content stays; its age shows the trouble.
      if (!failing) log.warn({ err: error, path }, 'health cannot be written');
      failing = true;
    }
  };
  write();
  const timer = setInterval(write, intervalMs).unref();
  return { close: () => clearInterval(timer) };
}
