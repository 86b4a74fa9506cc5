import { fileURLToPath } from 'node:url';
import { keepRunning, type Child } from '../runtime/process/child.js';
import type { Config } from '../runtime/config/config.js';
import { childEnvironment } from '../runtime/config/environment.js';
import type { Log } from '../runtime/log.js';
import { pause } from '../async/pause.js';
import { watchCommand } from './subscribe-command.js';

const cli = fileURLToPath(new URL('../cli.js', import.meta.url));

/** A process is waited for so long before the next is told to stop, and all together so long before they are killed. */
const patience = { eachSeconds: 2, allSeconds: 4 };

/**
 * `roomwatch start`: the broker (if embedded), a detector and an uploader, each a process of its own, kept running until
 * the signal is aborted; `conf` is the file they all read. Answers 0, or the status of the first that could not run.
 */
export async function runStart(
  config: Config,
  log: Log,
  signal: AbortSignal,
  conf: string | undefined,
): Promise<number> {
  const children: Child[] = [];
  // However this process ends, nobody stays behind; if it is killed, the children see that for themselves.
  process.on('exit', () => children.forEach((child) => child.kill()));

  const open = (name: string, env: Readonly<Record<string, string>>, finishes = false): Child => {
    const args = [name, ...(conf === undefined ? [] : ['--conf', conf])];
    const child = keepRunning({ name, module: cli, args, env: childEnvironment(process.env, env), finishes }, log);
    children.unshift(child);
    return child;
  };

  const work = async (): Promise<number> => {
    const { embedded, port } = config.broker;
    const url = embedded ? `mqtt://127.0.0.1:${port}` : config.mqtt.url;
    const ends: Promise<number>[] = [];
    if (embedded) {
      const broker = open('broker', {});
      ends.push(broker.over);
      const early = await Promise.race([broker.firstMessage.then(() => undefined), broker.over]);
      if (early !== undefined || signal.aborted) return early ?? 0;
    }
    log.info(`see every message, in another terminal: ${watchCommand(config, url)}`);
    log.info('stop with Ctrl-C');
    const via = embedded ? { 'mqtt.url': url, 'mqtt.protocol': '3.1.1' } : {};
    const uploader = open('upload', via);
    const detector = open('detect', via, true);
    ends.push(
      uploader.over,
      detector.over.then((status) => (status === 0 ? finished(log, signal) : status)),
    );
    return Promise.race(ends);
  };

  const stopped = new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(0), { once: true }));
  const status = await Promise.race([work(), stopped]);
  await stopInTurn(children);
  return status;
}

/** The detector first, so that its last pictures and words still find the others; the broker last. */
async function stopInTurn(children: readonly Child[]): Promise<void> {
  const tooLate = pause(patience.allSeconds, new AbortController().signal);
  const stops: Promise<void>[] = [];
  for (const child of children) {
    const stop = child.stop();
    stops.push(stop);
    await Promise.race([stop, tooLate, pause(patience.eachSeconds, new AbortController().signal)]);
  }
  await Promise.race([Promise.all(stops), tooLate]);
}

function finished(log: Log, signal: AbortSignal): Promise<never> {
  // One that was told to stop ends in the same way.
  if (!signal.aborted)
    log.info('the detector has finished (its clip or its window came to an end); the uploader goes on until Ctrl-C');
  return new Promise<never>(() => {});
}
