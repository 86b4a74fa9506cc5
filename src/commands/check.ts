import { once } from 'node:events';
import { createServer } from 'node:net';
import { tryBroker } from '../adapters/mqtt/check-broker.js';
import { openArchive } from '../uploader/open-archive.js';
import { openCamera } from '../detector/open-camera.js';
import type { Config } from '../runtime/config/config.js';
import { withoutCredentials } from '../runtime/redact.js';

/** A part that has not answered by then is not fine. */
const patienceSeconds = 15;
/** A camera's frames are counted for so long. */
const countSeconds = 2;

/** Tries one part: answers with what to add to `ok`, or throws what is wrong and what to do. */
type Trial = (config: Config, signal: AbortSignal) => Promise<string>;

const trials: readonly (readonly [string, Trial])[] = [
  ['camera', tryCamera],
  ['broker', tryMqtt],
  ['archive', tryArchive],
];

/** `roomwatch check`: tries camera, broker and archive at once, says a line about each, and answers 1 when one is not fine. */
export async function runCheck(config: Config, signal: AbortSignal, say: (line: string) => void): Promise<number> {
  const lines = trials.map(async ([part, trial]) => {
    const timely = AbortSignal.any([signal, AbortSignal.timeout(patienceSeconds * 1000)]);
    const label = part.padEnd(8);
    return trial(config, timely).then(
      (detail) => ({ fine: true, line: `${label} ok  ${detail}` }),
      (error: unknown) => ({ fine: false, line: `${label} not ok: ${withoutCredentials(reason(error, timely))}` }),
    );
  });
  let status = 0;
  for (const found of lines) {
    const { fine, line } = await found;
    if (!fine) status = 1;
    say(line);
  }
  return status;
}

async function tryCamera({ camera }: Config, signal: AbortSignal): Promise<string> {
  let size = '';
  let frames = 0;
  let firstAt = 0;
  for await (const event of openCamera(camera, signal)) {
    if (event.kind === 'lost') throw new Error(`${event.why}: check camera.source (${camera.source})`);
    if (event.kind === 'opened') size = `${event.width}x${event.height}`;
    if (event.kind !== 'frame') continue;
    if (frames === 0) firstAt = event.at;
    else frames += event.dropped;
    frames += 1;
    const seconds = event.at - firstAt;
    if (seconds >= countSeconds) return `${size} at ${((frames - 1) / seconds).toFixed(1)} fps`;
  }
  signal.throwIfAborted();
  if (frames === 0) throw new Error(`no frame came: check camera.source (${camera.source})`);
  return `${size}, ${frames} frames`;
}

async function tryMqtt({ mqtt, broker, room }: Config, signal: AbortSignal): Promise<string> {
  if (broker.embedded && (await isFree(broker.port))) return `roomwatch start runs it at 127.0.0.1:${broker.port}`;
  const url = broker.embedded ? `mqtt://127.0.0.1:${broker.port}` : mqtt.url;
  const protocol = broker.embedded ? '3.1.1' : mqtt.protocol;
  await tryBroker({ ...mqtt, url, protocol, clientId: `roomwatch-check-${room}` }, signal);
  return `${url} speaks MQTT ${protocol}`;
}

async function tryArchive(config: Config, signal: AbortSignal): Promise<string> {
  const { archive, dropbox } = config;
  const wrong = await (await openArchive(config)).check(signal);
  if (wrong !== undefined) throw new Error(wrong);
  return archive.kind === 'folder' ? archive.folder : `Dropbox, /${(dropbox.base_path ?? '').replace(/^\/+/, '')}`;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

function reason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted && (error as Error).name !== 'Error') return `no answer within ${patienceSeconds} s`;
  return error instanceof Error ? error.message : String(error);
}
