import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const pinned = join(import.meta.dirname, '..', 'node-red');

/** A plain Node-RED with some flows. */
export type NodeRed = {
  readonly origin: string;
  /** Presses the button of an inject node. */
  press(nodeId: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts Node-RED, as pinned in test/node-red, with these flows and nothing else. */
export async function openNodeRed(flows: readonly object[]): Promise<NodeRed> {
  const folder = await install();
  const directory = await mkdtemp(join(tmpdir(), 'roomwatch-node-red-'));
  const port = await freePort();
  const settings = { flowFile: 'flows.json', uiHost: '127.0.0.1', uiPort: port, telemetry: { enabled: false } };
  await writeFile(join(directory, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n`);
  await writeFile(join(directory, 'flows.json'), JSON.stringify(flows));
  const red = join(folder, 'node_modules', 'node-red', 'red.js');
  const child = spawn(process.execPath, [red, '--userDir', directory], { stdio: ['ignore', 'pipe', 'ignore'] });
  const log: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    log.push(line);
    if (/Connected to broker/.test(line)) break;
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error(`Node-RED did not start: ${log.slice(-5).join(' | ')}`);
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    async press(nodeId) {
      const answer = await fetch(`${origin}/inject/${nodeId}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`inject ${nodeId}: ${answer.status}`);
    },
    async close() {
      const ended = once(child, 'exit');
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Installs it once for each lock file, below the user's cache directory: 278 packages the product has no part in. */
async function install(): Promise<string> {
  const lock = await readFile(join(pinned, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'roomwatch');
  const folder = join(cache, `node-red-${stamp}`);
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (there) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'node-red-installing-'));
  await cp(pinned, fresh, { recursive: true });
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: fresh, maxBuffer: 2 ** 26 });
  await rename(fresh, folder);
  return folder;
}
