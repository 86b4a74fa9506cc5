import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { freePort } from '../test/support/free-port.js';

type Needs = { readonly folder: string; readonly rounds: number; progress(words: string): void };

/** A broker that is just coming up is asked so often. */
const askEveryMs = 10;

/** Seconds from `npm start`, in a checkout that was started before, to the first room status at a subscriber; by round. */
export async function measureStart({ folder, rounds, progress }: Needs): Promise<readonly number[]> {
  execFileSync(process.execPath, ['tools/setup.mjs', 'start'], { stdio: 'inherit' });
  const seconds: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    seconds.push(await startOnce(join(folder, 'start')));
    progress(`npm start, round ${round} of ${rounds}: ${seconds.at(-1)?.toFixed(2)} s`);
  }
  return seconds;
}

async function startOnce(folder: string): Promise<number> {
  const port = await freePort();
  const env = {
    ...process.env,
    ROOMWATCH_BROKER_PORT: String(port),
    ROOMWATCH_HTTP_PORT: String(await freePort()),
    ROOMWATCH_DATA_DIR: folder,
    ROOMWATCH_ARCHIVE_FOLDER: join(folder, 'archive'),
  };
  const begun = performance.now();
  const npm = spawn('npm', ['start'], { env, detached: true, stdio: 'ignore' });
  const over = once(npm, 'exit');
  try {
    const client = await connectSoon(port, over);
    const said = new Promise((resolve) => client.once('message', resolve));
    await client.subscribeAsync('roomwatch/+/room-status');
    await said;
    const seconds = (performance.now() - begun) / 1000;
    await client.endAsync(true);
    return seconds;
  } finally {
    // As Ctrl-C does: to all of them.
    if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, 'SIGINT');
    await over;
  }
}

async function connectSoon(port: number, over: Promise<unknown>): Promise<MqttClient> {
  let ended = false;
  void over.then(() => (ended = true));
  while (!ended) {
    try {
      return await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false);
    } catch {
      await pause(askEveryMs);
    }
  }
  throw new Error('npm start ended by itself');
}
