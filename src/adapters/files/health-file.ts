import { renameSync, writeFileSync } from 'node:fs';
import type { Log } from '../../runtime/log.js';

/** Whether a process can do its work, and if not, why. */
export type Wellbeing = { readonly ok: true } | { readonly ok: false; readonly why: string };

const everyMs = 10_000;

/**
 * Keeps a file that says whether the process is fine, for a supervisor that has no other way to ask (a container's health
 * check): `{"ok":true,"at":"…"}`, anew every 10 s. A file that has grown old tells of a process that hangs.
 */
export function openHealthFile(path: string, ask: () => Wellbeing, log: Pick<Log, 'warn'>): { close(): void } {
  let failing = false;
  const write = () => {
    try {
      writeFileSync(`${path}.new`, `${JSON.stringify({ ...ask(), at: new Date().toISOString() })}\n`);
      renameSync(`${path}.new`, path);
      failing = false;
    } catch (error) {
      // A full disk: what is in the file grows old, which says it.
      if (!failing) log.warn({ err: error, path }, 'health cannot be written');
      failing = true;
    }
  };
  write();
  const timer = setInterval(write, everyMs).unref();
  return { close: () => clearInterval(timer) };
}
