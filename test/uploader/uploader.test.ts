import { mkdir, readdir, readFile, stat, statfs, truncate, utimes, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type SnapshotReceipt, uploaderStatus, uploadResult } from '../../src/domain/contract/payloads.js';
import { canonicalJson } from '../../src/domain/contract/canonical-json.js';
import { loadConfig } from '../../src/runtime/config/config.js';
import { hmacOf } from '../../src/runtime/hmac.js';
import { createLog } from '../../src/runtime/log.js';
import { isSignedDocument } from '../../src/runtime/signed-receipt.js';
import { signUrl, verifySignedUrl } from '../../src/runtime/signed-url.js';
import { runUploader } from '../../src/uploader/uploader.js';
import { openShelf } from '../support/detector-shelf.js';
import { openDropboxServer } from '../support/dropbox-server.js';
import { freePort } from '../support/free-port.js';
import { type Listener, openListener } from '../support/listener.js';
import { type Mosquitto, openMosquitto } from '../support/mosquitto.js';
import { announceAgain, makeReceipt, testSecret } from '../support/receipt.js';
import { temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

let broker: Mosquitto;
let listener: Listener;
let data: string;
let shelf: Awaited<ReturnType<typeof openShelf>>;
beforeEach(async () => {
  broker = await openMosquitto();
  listener = await openListener(broker.url, 'roomwatch/#');
  data = await temporaryFolder();
  shelf = await openShelf();
});
afterEach(() => broker.close());

/** Starts an uploader; returns the function that stops it. */
async function start(settings: Record<string, string> = {}): Promise<() => Promise<void>> {
  const env = {
    ROOMWATCH_MQTT_URL: broker.url,
    ROOMWATCH_DATA_DIR: data,
    ROOMWATCH_ARCHIVE_FOLDER: join(data, 'archive'),
    ROOMWATCH_HTTP_SIGNING_SECRET: testSecret,
    ...settings,
  };
  const loaded = loadConfig({ file: undefined, env });
  if ('problems' in loaded) throw new Error(loaded.problems.join());
  const stopping = new AbortController();
  const running = runUploader(loaded.config, createLog('silent', 'uploader'), stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
  };
  onTestFinished(() => stop().catch(() => undefined));
  const from = listener.received.length;
  const mine = `roomwatch/uploaders/${settings['ROOMWATCH_UPLOADER_NAME'] ?? 'uploader'}/availability`;
  const online = listener.until((message) => {
    return message.topic === mine && message.payload === 'online' && listener.received.indexOf(message) >= from;
  });
  await Promise.race([running, online]);
  return stop;
}

const announce = (receipt: SnapshotReceipt) =>
  listener.client.publishAsync(`roomwatch/${receipt.room}/snapshot`, JSON.stringify(receipt), { qos: 1 });
const results = () =>
  listener.received
    .filter(({ topic }) => topic.endsWith('/upload'))
    .map(({ payload }) => uploadResult.parse(JSON.parse(payload)));
const resultOf = async ({ id }: SnapshotReceipt, nth = 1) => {
  await listener.until(() => results().filter(({ snapshot }) => snapshot === id).length >= nth);
  return results().filter(({ snapshot }) => snapshot === id)[nth - 1]!;
};

/** Resolves once the uploader's status names this error as the last one. */
const lastError = (code: string) =>
  listener.until(({ topic, payload }) => topic.endsWith('/status') && payload.includes(`"code":"${code}"`));

test('an announced snapshot is archived once and reported; announced again, it is reported again', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('picture one'));
  await announce(receipt);
  const result = await resultOf(receipt);
  expect(result).toMatchObject({ result: 'uploaded', archive: 'folder', attempts: 1, bytes: 11, error: null });
  expect(await readFile(join(data, 'archive', result.path ?? ''), 'utf8')).toBe('picture one');
  await announce(receipt);
  expect(await resultOf(receipt, 2)).toEqual(result);
  expect(shelf.asked).toHaveLength(1);
  await listener.until(({ topic, payload }) => {
    if (!topic.endsWith('/status')) return false;
    const { state, uploaded, queued } = uploaderStatus.parse(JSON.parse(payload));
    return state === 'idle' && uploaded === 1 && queued === 0;
  });
});

test('a snapshot that another uploader of the group has archived, and that is gone, is no loss', async () => {
  await start({ ROOMWATCH_UPLOADER_GROUP: 'all' });
  const receipt = shelf.offer(Buffer.from('archived by another uploader'));
  shelf.archive(receipt.id);
  await announce(receipt);
  await until('it was asked for', 10, () => Promise.resolve(shelf.asked.length > 0));
  const next = shelf.offer(Buffer.from('the next one'));
  await announce(next);
  await resultOf(next);
  expect(results().map(({ snapshot }) => snapshot)).toEqual([next.id]);
  await listener.until(({ topic, payload }) => topic.endsWith('/status') && payload.includes('"state":"idle"'));
});

test('a snapshot that is gone is lost to an uploader with an archive of its own, though another one has archived it', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('archived elsewhere'));
  shelf.archive(receipt.id);
  await announce(receipt);
  expect(await resultOf(receipt)).toMatchObject({ result: 'lost', error: { code: 'gone' } });
});

test('a forged receipt is refused without any request, and does not block the true one', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('true'));
  await announce({ ...receipt, sha256: '0'.repeat(64) });
  await lastError('secret_differs');
  expect(shelf.asked).toEqual([]);
  await announce(receipt);
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
  expect(results()).toHaveLength(1);
});

test('a true URL under invented ids, rooms and times puts nothing into the archive', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('true'));
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => {
      const { id } = makeReceipt(Buffer.from('invented'), shelf.origin);
      return announce({ ...receipt, id, room: `room-${n}`, taken_at: new Date(n * 1e9).toISOString() });
    }),
  );
  await announce(receipt);
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
  expect(shelf.asked).toHaveLength(1);
  expect((await readdir(join(data, 'archive'))).filter((name) => !name.startsWith('.'))).toEqual(['kitchen']);
  expect(results()).toHaveLength(1);
});

test('an uploader with another secret ends nothing and says so, and archives once the secrets are the same', async () => {
  const receipt = shelf.offer(Buffer.from('waits'));
  const stop = await start({ ROOMWATCH_HTTP_SIGNING_SECRET: 'another secret of thirty-two characters' });
  await announce(receipt);
  await lastError('secret_differs');
  await stop();
  await start();
  await announce(receipt);
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
  expect(results()).toHaveLength(1);
});

test('results are signed; after a change of the secret the same result is signed anew, and nothing is archived again', async () => {
  const stop = await start();
  const receipt = shelf.offer(Buffer.from('picture'));
  await announce(receipt);
  const first = await resultOf(receipt);
  expect(isSignedDocument(first, testSecret)).toBe(true);
  await stop();
  const secret = 'a new secret of thirty-two characters';
  await start({ ROOMWATCH_HTTP_SIGNING_SECRET: secret });
  await announce(announceAgain(receipt, shelf.origin, Date.now() / 1000 + 3600, secret));
  const second = await resultOf(receipt, 2);
  expect(isSignedDocument(second, secret)).toBe(true);
  expect({ ...second, signature: first.signature }).toEqual(first);
  expect(shelf.asked).toHaveLength(1);
});

test('a queued receipt whose address no longer works is replaced by a newer announcement', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('moved'));
  const expires = Date.now() / 1000 + 3600;
  await announce(announceAgain(receipt, `http://127.0.0.1:${await freePort()}`, expires));
  await lastError('unreachable');
  // By the clock that the detector has now, this URL even expires earlier.
  await announce(announceAgain(receipt, shelf.origin, expires - 1e6));
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
});

test('a queued snapshot whose room has another name and address now is found there; another detector cannot end it', async () => {
  await start();
  const renamed = shelf.offer(Buffer.from('renamed and moved'));
  const foreign = makeReceipt(Buffer.from('of a detector that is away'), shelf.origin, { room: 'hall' });
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  for (const receipt of [foreign, renamed]) await announce(announceAgain(receipt, nowhere, Date.now() / 1000 + 3600));
  await lastError('unreachable');
  const lounge = shelf.offer(Buffer.from('of the new name'), { room: 'lounge' });
  await announce(lounge);
  expect(await resultOf(lounge)).toMatchObject({ result: 'uploaded' });
  expect(await resultOf(renamed)).toMatchObject({ result: 'uploaded' });
  expect(results()).toHaveLength(2);
});

test('a URL that the detector refuses ends nothing; the next announcement is archived', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('signed again'));
  shelf.spoil(receipt.id, (response) => response.writeHead(403).end());
  await announce(receipt);
  await lastError('forbidden');
  shelf.spoil(receipt.id, undefined);
  await announce(announceAgain(receipt, shelf.origin, Date.now() / 1000 + 9e5));
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
  expect(results()).toHaveLength(1);
});

test('a snapshot that is announced no more is found where its detector is now, by the address in another receipt', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('reported by another uploader'));
  const expires = Date.now() / 1000 + 3600;
  await announce(announceAgain(receipt, `http://127.0.0.1:${await freePort()}`, expires));
  await lastError('unreachable');
  await announce(shelf.offer(Buffer.from('new'), { expires: expires + 60 }));
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
});

test('a snapshot whose URL was signed with an older secret is asked for with the secret of now', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('old secret'));
  const inSecret = (secret: string) => signUrl(shelf.origin, `${receipt.id}.jpg`, secret, Date.now() / 1000 + 60);
  shelf.verify((path) => verifySignedUrl(path, testSecret, Date.now() / 1000) === 'ok');
  const { signature: _, ...facts } = { ...receipt, url: inSecret('an older secret of thirty-two characters') };
  await announce({ ...facts, signature: hmacOf(canonicalJson(facts), testSecret) });
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded', attempts: 1 });
});

test('a 404 that the detector did not sign ends nothing', async () => {
  await start();
  const receipt = shelf.offer(Buffer.from('behind a proxy'));
  shelf.spoil(receipt.id, (response) => response.writeHead(404).end('<html>no such page</html>'));
  await announce(receipt);
  await lastError('refused_download');
  shelf.spoil(receipt.id, undefined);
  expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded' });
  expect(results()).toHaveLength(1);
});

const spoiled = [
  ['is cut short', (response) => response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy())],
  ['is reset', (response) => response.socket?.resetAndDestroy()],
  ['has a garbage status line', (response) => response.socket?.end('GARBAGE\r\n\r\n')],
  ['has a bad encoding', (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')],
  ['has other bytes', (response) => response.end('different')],
] as const satisfies readonly (readonly [string, (response: ServerResponse) => void])[];
test.each(spoiled)('a transfer that %s holds up no other, and is tried again', async (_, answer) => {
  await start();
  const bad = shelf.offer(Buffer.from('bad one !'));
  shelf.spoil(bad.id, answer);
  const others = Array.from({ length: 20 }, (_, n) => shelf.offer(Buffer.from(`picture ${n}`)));
  for (const receipt of [bad, ...others]) await announce(receipt);
  for (const receipt of others) expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded', attempts: 1 });
  expect(results()).toHaveLength(20);
  shelf.spoil(bad.id, undefined);
  expect(await resultOf(bad)).toMatchObject({ result: 'uploaded' });
});

/** Answers a byte at a time, in the head or in the body, until the client ends it. */
const dripping =
  (where: 'head' | 'body', ended: () => void) =>
  (response: ServerResponse): void => {
    if (where === 'head') response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
    else response.writeHead(200, { 'content-length': 100_000 }).flushHeaders();
    const timer = setInterval(() => void response.socket?.write('x'), 100);
    response.once('close', () => {
      clearInterval(timer);
      ended();
    });
  };

test.each([1, 14])(
  '%i transfers that drip, some from the head on, hold up no other: they go on beside',
  async (count) => {
    await start();
    let ended = 0;
    const bad = Array.from({ length: count }, (_, n) => shelf.offer(Buffer.alloc(100_000, n)));
    for (const [n, { id }] of bad.entries())
      shelf.spoil(
        id,
        dripping(n % 3 === 1 ? 'head' : 'body', () => (ended += 1)),
      );
    const others = Array.from({ length: 20 }, (_, n) => shelf.offer(Buffer.from(`picture ${n}`)));
    for (const receipt of [...bad, ...others]) await announce(receipt);
    for (const receipt of others) expect(await resultOf(receipt)).toMatchObject({ result: 'uploaded', attempts: 1 });
    expect(ended).toBe(0);
  },
);

test('an uploader whose downloads drip stops at once', async () => {
  const stop = await start();
  const receipt = shelf.offer(Buffer.alloc(100_000));
  shelf.spoil(
    receipt.id,
    dripping('body', () => undefined),
  );
  await announce(receipt);
  await expect.poll(() => shelf.asked.length).toBeGreaterThan(0);
  await stop();
  expect(results()).toEqual([]);
});

test('a missing picture is lost; neither it nor a detector that is away delays others', async () => {
  await start();
  const gone = makeReceipt(Buffer.from('gone'), shelf.origin);
  const away = makeReceipt(Buffer.from('away'), `http://127.0.0.1:${await freePort()}`, {
    room: 'attic',
    expires: Date.now() / 1000 - 1,
  });
  const good = shelf.offer(Buffer.from('good'), { room: 'hall' });
  for (const receipt of [gone, away, good]) await announce(receipt);
  expect(await resultOf(good)).toMatchObject({ result: 'uploaded', room: 'hall' });
  expect(await resultOf(gone)).toMatchObject({ result: 'lost', path: null, error: { code: 'gone' } });
  expect(results()).toHaveLength(2);
  expect(await readdir(join(data, 'archive'))).toContain('hall');
});

test('after a restart, the queued snapshots and those that the broker kept meanwhile are archived', async () => {
  const server = await openDropboxServer();
  onTestFinished(() => server.close());
  server.faults.plan({ script: [{ kind: 'error_500', times: 1000 }] });
  const dropbox = {
    ROOMWATCH_ARCHIVE_KIND: 'dropbox',
    ROOMWATCH_DROPBOX_API_URL: server.url,
    ROOMWATCH_DROPBOX_APP_KEY: 'app-key',
    ROOMWATCH_DROPBOX_REFRESH_TOKEN: 'refresh-token',
  };
  const stop = await start(dropbox);
  const first = shelf.offer(Buffer.from('first'));
  await announce(first);
  await listener.until(({ topic, payload }) => topic.endsWith('/status') && payload.includes('"backing_off"'));
  await stop();
  const second = shelf.offer(Buffer.from('second'));
  await announce(second);
  server.faults.plan({ script: [] });
  await start(dropbox);
  expect(await resultOf(first)).toMatchObject({ result: 'uploaded', archive: 'dropbox' });
  expect(await resultOf(second)).toMatchObject({ result: 'uploaded' });
});

test('uploaders of one group share the work', async () => {
  await start({ ROOMWATCH_UPLOADER_NAME: 'one', ROOMWATCH_UPLOADER_GROUP: 'all' });
  await start({ ROOMWATCH_UPLOADER_NAME: 'two', ROOMWATCH_UPLOADER_GROUP: 'all' });
  const receipts = Array.from({ length: 30 }, (_, n) => shelf.offer(Buffer.from(`picture ${n}`)));
  for (const receipt of receipts) await announce(receipt);
  await Promise.all(receipts.map((receipt) => resultOf(receipt)));
  expect(results()).toHaveLength(30);
  expect(shelf.asked).toHaveLength(30);
});

test('a second uploader of the same name is refused', async () => {
  await start();
  await expect(start()).rejects.toThrow(/another uploader runs on it/);
});

/** Puts a picture of this size and age into the archive, as Roomwatch names it; the file holds no bytes. */
async function putArchived(n: number, bytes: number, daysAgo: number): Promise<string> {
  const name = `10-15-30.123Z-01900000-0000-7000-8000-00000000000${n}.jpg`;
  const path = join(data, 'archive/kitchen/2026-11-20', name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '');
  await truncate(path, bytes);
  const at = Date.now() / 1000 - daysAgo * 24 * 3600;
  await utimes(path, at, at);
  return path;
}
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

test('archive.keep_days and archive.max_gigabytes: old pictures go at the start, the oldest once new ones exceed the limit', async () => {
  const old = await putArchived(1, 1000, 11);
  const oldest = await putArchived(2, 600_000, 9);
  await start({ ROOMWATCH_ARCHIVE_KEEP_DAYS: '10', ROOMWATCH_ARCHIVE_MAX_GIGABYTES: '0.001' });
  await until('the old picture is removed', 20, async () => !(await isThere(old)));
  expect(await isThere(oldest)).toBe(true);
  const receipt = shelf.offer(Buffer.alloc(700_000, 1));
  await announce(receipt);
  const { path } = await resultOf(receipt);
  await until('the oldest picture is removed', 20, async () => !(await isThere(oldest)));
  expect(await isThere(join(data, 'archive', path ?? ''))).toBe(true);
});

test('an archive that fills its disk within a week warns in the state, and not with a limit that ends its growth', async () => {
  const { bavail, bsize } = await statfs(data);
  await putArchived(1, bavail * bsize, 0);
  const stop = await start();
  await lastError('disk_filling');
  await stop();
  const from = listener.received.length;
  await start({ ROOMWATCH_ARCHIVE_MAX_GIGABYTES: '0.001' });
  const receipt = shelf.offer(Buffer.from('after the warning'));
  await announce(receipt);
  await resultOf(receipt);
  const later = listener.received.slice(from).map(({ payload }) => payload);
  expect(later.filter((payload) => payload.includes('disk_filling'))).toEqual([]);
});
