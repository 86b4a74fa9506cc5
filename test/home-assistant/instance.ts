import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';

/** A Home Assistant of its own, in a throw-away directory. */
export type Instance = {
  readonly origin: string;
  readonly directory: string;
  /** @param away what happens while it does not run */
  restart(away?: () => Promise<void>): Promise<void>;
  /** Its log so far, over restarts too. */
  log(): Promise<string>;
  close(): Promise<void>;
};

/** @param files copied into its configuration directory, by name, before it starts */
export async function openInstance(
  hass: string,
  configuration: string,
  files: Readonly<Record<string, string>>,
): Promise<Instance> {
  const directory = await mkdtemp(join(tmpdir(), 'roomwatch-home-assistant-'));
  const port = await freePort();
  const http = `http:\n  server_host: 127.0.0.1\n  server_port: ${port}\n`;
  await writeFile(join(directory, 'configuration.yaml'), http + configuration);
  for (const [name, from] of Object.entries(files)) await cp(from, join(directory, name), { recursive: true });
  const origin = `http://127.0.0.1:${port}`;
  // It begins a new file at each start.
  let earlier = '';
  const readLog = () => readFile(join(directory, 'home-assistant.log'), 'utf8');
  let child = await start(hass, directory, origin);
  return {
    origin,
    directory,
    async restart(away) {
      await stop(child);
      await away?.();
      earlier += await readLog();
      child = await start(hass, directory, origin);
    },
    log: async () => earlier + (await readLog()),
    async close() {
      await stop(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function start(hass: string, directory: string, origin: string): Promise<ChildProcess> {
  const child = spawn(hass, ['--config', directory, '--log-no-color'], { cwd: directory, stdio: 'ignore' });
  await until('Home Assistant answers', 300, async () => {
    if (child.exitCode !== null) throw new Error(`Home Assistant ended with ${child.exitCode}`);
    const answer = await fetch(`${origin}/manifest.json`).catch(() => undefined);
    return answer?.ok === true;
  });
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
