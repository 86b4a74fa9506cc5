import { once } from 'node:events';
import { createServer } from 'node:net';
import { keyFrameAdvice } from '../adapters/camera/trouble.js';
import { dataDirTrouble } from '../adapters/files/place-trouble.js';
import { unitTrouble } from '../adapters/files/unit-trouble.js';
import { openSnapshotSource, type SnapshotSourceTrouble } from '../adapters/opencv/snapshot-source.js';
import { turnedPicture } from '../adapters/opencv/turned-picture.js';
import { tryBroker } from '../adapters/mqtt/check-broker.js';
import { openArchive } from '../uploader/open-archive.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';
import { pause } from '../async/pause.js';
import { openCamera } from '../detector/open-camera.js';
import type { Config } from '../runtime/config/config.js';
import { secretsOf } from '../runtime/config/secrets.js';
import { sampleClip } from '../runtime/config/schema.js';
import { redactor, withoutCredentials } from '../runtime/redact.js';
import type { Home } from './start/plan-processes.js';

const patienceSeconds = 15;
/** A camera may send a key frame only once a minute. */
const cameraPatienceSeconds = 100;
/** A first picture that takes longer than this is worth a word. */
const slowSeconds = 8;
/** A stream may begin between two key frames. */
const retrySeconds = 0.2;
/** how long the frames of a camera are counted */
const countSeconds = 2;

/** A part of a home that may work or not. */
export type Part = {
  readonly name: string;
  /** one that takes longer to answer does not work */
  readonly patienceSeconds: number;
  /** Resolves with details to print after `ok`; throws what is wrong and what to do. */
  readonly attempt: (signal: AbortSignal) => Promise<string>;
};

/** `roomwatch check`: tries the camera of each room, the broker and the archive at once, prints a line for each, and resolves with 1 if one fails. */
export async function runCheck(
  { config, rooms, asServices = false }: Home & { readonly asServices?: boolean },
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<number> {
  const cameras = rooms.map((room) => cameraPart(room, rooms.length > 1 ? `camera ${room.room}` : 'camera'));
  const fine = rooms.flatMap((room) => picturesPart(room, rooms.length > 1 ? `pictures ${room.room}` : 'pictures'));
  const parts = [...cameras, ...fine, brokerPart(config), archivePart(config, asServices)];
  const redact = redactor([config, ...rooms].flatMap(secretsOf));
  const width = Math.max(8, ...parts.map(({ name }) => name.length));
  const lines = parts.map((part) => tryPart(part, signal, redact, width));
  // Said only where it is wrong: it is no part of its own that works or not.
  const data = dataDirTrouble(config.data_dir) ?? (asServices ? dataDirTroubleOfUnits(config, rooms) : undefined);
  if (data !== undefined) print(`${'data_dir'.padEnd(width)} not ok: ${data}`);
  let status = data === undefined ? 0 : 1;
  for (const found of lines) {
    const { works, line } = await found;
    if (!works) status = 1;
    print(line);
  }
  return status;
}

/** Tries a part; the line says whether it works, and what to do if not. */
export async function tryPart(
  { name, patienceSeconds: seconds, attempt }: Part,
  signal: AbortSignal,
  redact: (text: string) => string,
  width = name.length,
): Promise<{ readonly works: boolean; readonly line: string }> {
  const timely = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  const label = name.padEnd(width);
  return attempt(timely).then(
    (detail) => ({ works: true, line: redact(`${label} ok  ${detail}`) }),
    (error: unknown) => ({ works: false, line: redact(`${label} not ok: ${reason(error, timely, seconds)}`) }),
  );
}

/** The camera of a room. */
export function cameraPart({ camera }: Pick<Config, 'camera'>, name = 'camera'): Part {
  return { name, patienceSeconds: cameraPatienceSeconds, attempt: (timely) => tryCamera(camera, timely) };
}

/** The source of the fine pictures of a room, if it has one. */
function picturesPart({ camera }: Pick<Config, 'camera'>, name: string): Part[] {
  const { snapshot_source: source } = camera;
  if (source === undefined) return [];
  const attempt = (timely: AbortSignal) => trySnapshotSource(camera, source, timely);
  return [{ name, patienceSeconds: cameraPatienceSeconds, attempt }];
}

/** The broker. */
export function brokerPart(config: Config): Part {
  return { name: 'broker', patienceSeconds, attempt: (timely) => tryBrokerOf(config, timely) };
}

/** The archive; `asServices` if the Debian package's uploader will write it. */
export function archivePart(config: Config, asServices = false): Part {
  return { name: 'archive', patienceSeconds, attempt: (timely) => tryArchive(config, asServices, timely) };
}

function dataDirTroubleOfUnits({ data_dir }: Config, rooms: Home['rooms']): string | undefined {
  for (const unit of ['uploader', ...rooms.map(({ room }) => `detector@${room}`)]) {
    const trouble = unitTrouble(data_dir, `roomwatch-${unit}`);
    if (trouble !== undefined) return `data_dir ${trouble}`;
  }
  return undefined;
}

async function tryCamera(camera: Config['camera'], signal: AbortSignal): Promise<string> {
  const { source } = camera;
  const named = source === sampleClip ? 'the bundled demonstration clip' : withoutCredentials(source);
  const advice = `check camera.source (${named})`;
  const startedAt = monotonicSeconds();
  let size = '';
  let frames = 0;
  let firstAt = 0;
  let waited = 0;
  for await (const event of openCamera(camera, signal)) {
    if (event.kind === 'lost') throw new Error(`${event.why}; ${advice}`);
    if (event.kind === 'opened') size = `${event.width}x${event.height}`;
    if (event.kind === 'opened') waited = monotonicSeconds() - startedAt;
    if (event.kind !== 'frame') continue;
    if (frames === 0) firstAt = event.at;
    else frames += event.dropped;
    frames += 1;
    const seconds = event.at - firstAt;
    if (seconds >= countSeconds)
      return `${size} at ${((frames - 1) / seconds).toFixed(1)} fps from ${named}${slow(waited)}`;
  }
  signal.throwIfAborted();
  if (frames === 0) throw new Error(`no frame arrived; ${advice}`);
  return `${size}, ${frames} frames from ${named}`;
}

async function trySnapshotSource(camera: Config['camera'], source: string, signal: AbortSignal): Promise<string> {
  const { stall_seconds: stallSeconds, transport, rotation } = camera;
  const named = withoutCredentials(source);
  let trouble: SnapshotSourceTrouble | undefined;
  const stop = new AbortController();
  const stream = openSnapshotSource({ source, stallSeconds, transport }, (found) => (trouble = found), stop.signal);
  try {
    for (;;) {
      const fine = await stream.pictureAt(wallSeconds());
      if (fine !== undefined) {
        const { width, height, release } = turnedPicture(fine, rotation / 90);
        release();
        return `${width}x${height} from ${named}`;
      }
      if (trouble?.kind === 'lost') throw new Error(`${trouble.why}; check camera.snapshot_source (${named})`);
      await pause(retrySeconds, signal);
      signal.throwIfAborted();
    }
  } finally {
    stop.abort();
  }
}

function slow(seconds: number): string {
  return seconds < slowSeconds ? '' : `; the first picture took ${seconds.toFixed(0)} s: ${keyFrameAdvice}`;
}

async function tryBrokerOf(
  { mqtt, broker, room }: Pick<Config, 'mqtt' | 'broker' | 'room'>,
  signal: AbortSignal,
): Promise<string> {
  if (broker.embedded && (await isFree(broker.port))) return `roomwatch start runs it at 127.0.0.1:${broker.port}`;
  const url = broker.embedded ? `mqtt://127.0.0.1:${broker.port}` : mqtt.url;
  const protocol = broker.embedded ? '3.1.1' : mqtt.protocol;
  await tryBroker({ ...mqtt, url, protocol, clientId: `roomwatch-check-${room}` }, signal);
  return `${withoutCredentials(url)} speaks MQTT ${protocol}`;
}

async function tryArchive(config: Config, asServices: boolean, signal: AbortSignal): Promise<string> {
  const { archive, dropbox } = config;
  const refused = await (await openArchive(config)).check(signal);
  signal.throwIfAborted();
  const ofServices = asServices && archive.kind === 'folder';
  const wrong = refused ?? (ofServices ? unitTrouble(archive.folder, 'roomwatch-uploader') : undefined);
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

function reason(error: unknown, signal: AbortSignal, seconds: number): string {
  if (signal.aborted && (error as Error).name !== 'Error') return `no answer within ${seconds} s`;
  return error instanceof Error ? error.message : String(error);
}
