import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Starts a camera for tests in a process of its own: it can be stopped like a real camera, and it answers while OpenCV opens
 * the stream in the main thread.
 */
async function startServer(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [port] = (await once(lines, 'line')) as [string];
  let connections = 0;
  lines.on('line', () => connections++);
  return {
    port: Number(port),
    connections: () => connections,
    /** Writes one line to its stdin. */
    tell: (line: string) => void child.stdin.write(`${line}\n`),
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** @param fps frames per second  @param port 0 takes a free port */
export function startMjpegServer(fps: number, port = 0) {
  return startServer(process.execPath, ['test/support/mjpeg-server.mjs', String(fps), String(port)]);
}

/** Serves the clip once to each client, at `/cam`; with `udp` not over TCP. */
export function startRtspServer(clip: string, port = 0, ...only: 'udp'[]) {
  return startServer('/usr/bin/python3', ['test/support/rtsp-server.py', clip, String(port), ...only]);
}

/** Serves a live stream at `/cam` whose pictures show the time of day (see `clockOf`). */
export function startClockCamera(width: number, height: number, fps: number, port = 0) {
  const numbers = [port, width, height, fps].map(String);
  return startServer('/usr/bin/python3', ['test/support/clock-camera.py', ...numbers]);
}

/** The time that a picture of a clock camera shows, in seconds, nearest to `near` (it counts to 2^24 ms). */
export function clockOf(level: (x: number, y: number) => number, near: number): number {
  const bits = Array.from({ length: 24 }, (_, n) => Number(level((n + 0.5) / 24, 0.5) > 128));
  const shown = bits.reduce((sum, bit) => 2 * sum + bit, 0) / 1000;
  const period = 2 ** 24 / 1000;
  return shown + Math.round((near - shown) / period) * period;
}
