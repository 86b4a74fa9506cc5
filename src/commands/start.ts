import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pause } from '../async/pause.js';
import type { Config } from '../runtime/config/config.js';
import { childEnvironment } from '../runtime/config/environment.js';
import type { Log } from '../runtime/log.js';
import { keepRunning, type Child } from '../runtime/process/child.js';
import { subscribeCommand } from './subscribe-command.js';

const cli = fileURLToPath(new URL('../cli.js', import.meta.url));

/** How long to wait for each process before the next is told to stop, and for all of them before they are killed. */
const patience = { eachSeconds: 2, allSeconds: 4 };

type StartConfig = Pick<Config, 'broker' | 'mqtt'>;
/** Starts a child process: `roomwatch NAME`, with other values for some keys. */
type StartChild = (name: string, values?: Readonly<Record<string, string>>, finishes?: boolean) => Child;

/**
 * `roomwatch start`: runs the broker (if embedded), a detector and an uploader, each in its own process, until the signal
 * is aborted; `conf` is the file they all read. Resolves with 0, or with the status of the first one that could not run.
 */
export async function runStart(
  config: StartConfig,
  log: Log,
  signal: AbortSignal,
  conf: string | undefined,
): Promise<number> {
  if (signal.aborted) return 0;
  const children: Child[] = [];
  // However this process ends, no child stays behind; if it is killed, the children notice that themselves.
  process.on('exit', () => children.forEach((child) => child.kill()));
  const startChild: StartChild = (name, values = {}, finishes = false) => {
    const args = [name, ...(conf === undefined ? [] : ['--conf', conf])];
    const child = keepRunning({ name, module: cli, args, env: childEnvironment(process.env, values), finishes }, log);
    children.unshift(child);
    return child;
  };
  const stopped = once(signal, 'abort').then(() => 0);
  const status = await Promise.race([runChildren(config, startChild, log, signal), stopped]);
  await stopInTurn(children);
  return status;
}

async function runChildren(
  { broker, mqtt }: StartConfig,
  startChild: StartChild,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const url = broker.embedded ? `mqtt://127.0.0.1:${broker.port}` : mqtt.url;
  const values = broker.embedded ? { 'mqtt.url': url, 'mqtt.protocol': '3.1.1' } : {};
  const ends: Promise<number>[] = [];
  if (broker.embedded) {
    const child = startChild('broker');
    ends.push(child.over);
    const early = await Promise.race([child.firstMessage.then(() => undefined), child.over]);
    if (early !== undefined || signal.aborted) return early ?? 0;
  }
  log.info(`see every message, in another terminal: ${subscribeCommand({ ...mqtt, url }, broker.embedded)}`);
  log.info('stop with Ctrl-C');
  const uploader = startChild('upload', values);
  const detector = startChild('detect', values, true);
  const detectorFailed = detector.over.then((status) => (status === 0 ? detectorFinished(log, signal) : status));
  return Promise.race([...ends, uploader.over, detectorFailed]);
}

/** Stops the detector first, so that its last messages still reach the others, and the broker last. */
async function stopInTurn(children: readonly Child[]): Promise<void> {
  const never = new AbortController().signal;
  const tooLate = pause(patience.allSeconds, never);
  const stops: Promise<void>[] = [];
  for (const child of children) {
    const stop = child.stop();
    stops.push(stop);
    await Promise.race([stop, tooLate, pause(patience.eachSeconds, never)]);
  }
  await Promise.race([Promise.all(stops), tooLate]);
}

/** A clip at its end stops only the detector: this never resolves. */
function detectorFinished(log: Log, signal: AbortSignal): Promise<never> {
  // A detector that was told to stop also ends with status 0.
  if (!signal.aborted)
    log.info('the detector has finished (its clip ended or its window was closed); the uploader runs until Ctrl-C');
  return new Promise<never>(() => {});
}
