import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.js';

/** A real Mosquitto on a port of its own. */
export type Mosquitto = {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** What it has logged, over restarts too: who connected, and how. */
  readonly log: readonly string[];
  /** Stops it and starts it again on the same port; `forgetting` everything retained and every session, or not. */
  restart(how: 'forgetting' | 'remembering'): Promise<void>;
  /** Gives one of its files another text, and has it read again. */
  change(file: string, text: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * @param extra lines for its configuration, e.g. `max_packet_size 2000000`; @param files further files, and their texts: a line that
 * ends with the name of one gets its path
 */
export async function openMosquitto(
  extra: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<Mosquitto> {
  const directory = await mkdtemp(join(tmpdir(), 'roomwatch-mosquitto-'));
  const port = await freePort();
  const configuration = join(directory, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${directory}/`,
    'user root',
    ...extra.map((line) => line.replace(/\w+$/, (name) => (name in files ? join(directory, name) : name))),
  ];
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), `${text}\n`);
  await writeFile(configuration, lines.join('\n') + '\n');
  const log: string[] = [];
  let broker = await start(configuration, log);
  return {
    log,
    port,
    url: `mqtt://127.0.0.1:${port}`,
    get pid() {
      return broker.pid ?? 0;
    },
    async restart(how) {
      await stop(broker);
      if (how === 'forgetting') await rm(join(directory, 'mosquitto.db'), { force: true });
      broker = await start(configuration, log);
    },
    async change(file, text) {
      await writeFile(join(directory, file), `${text}\n`);
      broker.kill('SIGHUP');
    },
    async close() {
      await stop(broker);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function start(configuration: string, log: string[]): Promise<ChildProcess> {
  const broker = spawn('mosquitto', ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: broker.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      log.push(line);
      if (/ running$/.test(line)) resolve();
    });
    lines.once('close', () => reject(new Error(`mosquitto did not start: ${log.slice(-3).join(' | ')}`)));
  });
  return broker;
}

async function stop(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null || broker.signalCode !== null) return;
  const ended = once(broker, 'exit');
  broker.kill('SIGTERM');
  // One that comes just after "running" is lost: mosquitto sets its flag to go on after that.
  const again = setInterval(() => broker.kill('SIGTERM'), 300);
  await ended;
  clearInterval(again);
}
