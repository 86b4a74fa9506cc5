import { execFile } from 'node:child_process';
import type { Log } from '../log.js';

/** Reports to systemd; does nothing if systemd did not start the process. */
export type Watchdog = {
  /** Reports that the process is ready (`Type=notify` waits for that), and from then on that it is alive. */
  ready(): void;
  /** Reports that the process is stopping, and nothing after that. */
  close(): void;
};

/**
 * Tells systemd when the process is ready, and twice per `WatchdogSec=` that it is alive, so that systemd restarts a process
 * that hangs. A camera or broker that does not answer is no reason for that: the process tries again itself. Uses
 * `systemd-notify`, because Node has no Unix datagram sockets: the unit needs `NotifyAccess=all`.
 */
export function openWatchdog(
  log: Pick<Log, 'warn'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Watchdog {
  if (!environment['NOTIFY_SOCKET']) return { ready: () => {}, close: () => {} };
  const everyMs = beatMs(environment);
  let beats: NodeJS.Timeout | undefined;
  const notify = (state: string) =>
    execFile('systemd-notify', [state], { env: environment, timeout: 5_000 }, (error) => {
      if (error) log.warn({ err: error }, 'systemd could not be notified: is systemd-notify installed?');
    });
  return {
    ready: () => {
      notify('READY=1');
      if (everyMs !== undefined) beats ??= setInterval(() => notify('WATCHDOG=1'), everyMs).unref();
    },
    close: () => {
      clearInterval(beats);
      notify('STOPPING=1');
    },
  };
}

/** Half of systemd's watchdog interval (sd_watchdog_enabled(3)); undefined if it does not watch this process. */
function beatMs(environment: Readonly<Record<string, string | undefined>>): number | undefined {
  const intervalMs = Number(environment['WATCHDOG_USEC']) / 1000;
  const forUs = [undefined, '', String(process.pid)].includes(environment['WATCHDOG_PID']);
  return forUs && intervalMs > 0 ? intervalMs / 2 : undefined;
}
