import { execFile } from 'node:child_process';
import type { Log } from '../log.js';

/** The process's line to systemd. Where systemd did not start the process, nothing is said. */
export type Watchdog = {
  /** The process does its work now (`Type=notify` waits for it); from here on it says that it is alive. */
  ready(): void;
  /** It is on its way out, and says no more. */
  close(): void;
};

/**
 * Tells systemd what its unit asks for: when the process is ready, and twice per `WatchdogSec=` that it is alive. One that
 * hangs is then restarted; a camera or a broker that does not answer is no reason, as that is tried again anyway.
 * It speaks through `systemd-notify`, as Node has no datagram sockets of the Unix kind: the unit needs `NotifyAccess=all`.
 */
export function openWatchdog(
  log: Pick<Log, 'warn'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Watchdog {
  if (!environment['NOTIFY_SOCKET']) return { ready: () => {}, close: () => {} };
  const everyMs = beatMs(environment);
  let beats: NodeJS.Timeout | undefined;
  const say = (what: string) =>
    execFile('systemd-notify', [what], { env: environment, timeout: 5_000 }, (error) => {
      if (error) log.warn({ err: error }, 'systemd could not be told: is systemd-notify installed?');
    });
  return {
    ready: () => {
      say('READY=1');
      if (everyMs !== undefined) beats ??= setInterval(() => say('WATCHDOG=1'), everyMs).unref();
    },
    close: () => {
      clearInterval(beats);
      say('STOPPING=1');
    },
  };
}

/** Half of what systemd waits (sd_watchdog_enabled(3)); undefined where it does not wait for this process. */
function beatMs(environment: Readonly<Record<string, string | undefined>>): number | undefined {
  const waitsMs = Number(environment['WATCHDOG_USEC']) / 1000;
  const forUs = [undefined, '', String(process.pid)].includes(environment['WATCHDOG_PID']);
  return forUs && waitsMs > 0 ? waitsMs / 2 : undefined;
}
