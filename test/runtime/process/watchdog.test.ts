import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { openWatchdog } from '../../../src/runtime/process/watchdog.js';

const silent = { warn: () => {} };
const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

test('tells systemd that the process is ready, then that it is alive', async () => {
  const systemd = await openSystemd();
  openWatched({ NOTIFY_SOCKET: systemd.socket, WATCHDOG_USEC: '400000' }).ready();
  expect(await systemd.next()).toBe('READY=1');
  expect(await systemd.next()).toBe('WATCHDOG=1');
  expect(await systemd.next()).toBe('WATCHDOG=1');
});

test('reports no life to a watchdog of another process', async () => {
  const systemd = await openSystemd();
  const watchdog = openWatched({ NOTIFY_SOCKET: systemd.socket, WATCHDOG_USEC: '2000', WATCHDOG_PID: '1' });
  watchdog.ready();
  expect(await systemd.next()).toBe('READY=1');
  watchdog.close();
  expect(await systemd.next()).toBe('STOPPING=1');
});

test('does nothing without systemd', () => {
  const watchdog = openWatched({ PATH: '/nowhere' }, { warn: () => expect.fail('tried to') });
  watchdog.ready();
  watchdog.close();
});

function openWatched(environment: Record<string, string>, log = silent) {
  const watchdog = openWatchdog(log, { PATH: process.env['PATH'], ...environment });
  opened.push(watchdog);
  return watchdog;
}

/** systemd's side: a datagram socket, held by Python as Node has none. */
async function openSystemd() {
  const folder = mkdtempSync(join(tmpdir(), 'notify-'));
  const socket = join(folder, 'socket');
  const listen =
    'import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\nprint("listening",flush=True)\n' +
    'while True:\n for line in s.recv(4096).decode().split():\n  if "=1" in line and "BARRIER" not in line: print(line,flush=True)\n';
  const child = spawn('/usr/bin/python3', ['-c', listen, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  opened.push({ close: () => (child.kill('SIGKILL'), rmSync(folder, { recursive: true, force: true })) });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  expect(await next()).toBe('listening');
  return { socket, next };
}
