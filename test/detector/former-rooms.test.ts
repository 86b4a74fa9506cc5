import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cameraHash } from '../../src/adapters/files/announced-file.js';
import { writeRoomIdentity } from '../../src/adapters/files/room-identity.js';
import { isNewFolder, takeOverFormerRooms } from '../../src/detector/former-rooms.js';
import { serveFormerNames } from '../../src/detector/former-topics.js';
import { openResultTrust, signedResultsFile } from '../../src/detector/result-trust.js';
import { openSnapshotStore, type SnapshotStore } from '../../src/detector/snapshot-store.js';
import { snapshotFacts } from '../../src/domain/contract/payloads.js';
import { type HandleUploadResult, handleUploadResults } from '../../src/pipelines/detector/handle-upload-results.js';
import { withCloseStack } from '../../src/runtime/process/close-stack.js';
import { makeReceipt, makeResult } from '../support/receipt.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;
const live = () => new AbortController().signal;
const source = 'rtsp://camera/1';
const jpeg = Buffer.from('picture');
const ids: string[] = [];

/** What ends a takeover early, as a kill does. */
type Kill = (store: SnapshotStore) => SnapshotStore;
const killed = () => Promise.reject(new Error('killed'));

const openStore = (folder: string, room: string, opened: Parameters<typeof openSnapshotStore>[2]['opened']) =>
  openSnapshotStore(
    folder,
    { keep_hours: 48, max_megabytes: 500, min_upload_seconds: 3 },
    {
      ...{ room, forgetAfterSeconds: 3600, monotonicSeconds: () => 0 },
      recordDisk: () => true,
      log,
      opened,
      signal: live(),
    },
  );

/** Starts a detector's part of the room `lounge`. */
async function startLounge(data: string, kill: Kill = (store) => store) {
  const folder = join(data, 'rooms/lounge');
  await mkdir(folder, { recursive: true });
  const config = { room: 'lounge', data_dir: data, camera: { source } } as never;
  let found:
    { readonly names: readonly string[]; readonly waiting: readonly string[]; readonly count: number } | undefined;
  await withCloseStack(live(), async (opened) => {
    const isNew = await isNewFolder(folder, source);
    const store = await openStore(folder, 'lounge', opened);
    const former = await takeOverFormerRooms({
      ...{ config, folder, isNew, store: kill(store), openStore, log, signal: live() },
    });
    found = { names: former.names, waiting: [...store.outbox.unsettled()], count: store.snapshots.count };
  });
  return found;
}

const kills: readonly (readonly [string, Kill])[] = [
  [
    'before the old folder was looked for',
    () => {
      throw new Error('killed');
    },
  ],
  [
    'while pictures were taken over',
    (store) => {
      let batches = 0;
      const takeOver: SnapshotStore['snapshots']['takeOver'] = (all) =>
        (batches += 1) === 1 ? store.snapshots.takeOver(all) : killed();
      return { ...store, snapshots: { ...store.snapshots, takeOver } };
    },
  ],
  ['before what waits was announced', (store) => ({ ...store, announceUnsettled: killed })],
];
test.each(kills)('a takeover of a renamed room that was killed %s is continued at the next start', async (_, kill) => {
  const data = temporaryFolder();
  const kitchen = join(data, 'rooms/kitchen');
  await mkdir(kitchen, { recursive: true });
  await withCloseStack(live(), async (opened) => {
    const store = await openStore(kitchen, 'kitchen', opened);
    for (let n = ids.length; n < 205; n += 1) ids.push(makeReceipt(jpeg, 'http://detector').id);
    const facts = ids.map((id) => snapshotFacts.parse({ ...makeReceipt(jpeg, 'http://detector'), id }));
    await Promise.all(facts.map((one) => store.keep({ jpeg, facts: one }, Date.now() / 1000)));
  });
  await writeRoomIdentity(kitchen, { camera: cameraHash(source), former: [], is_new: false });
  await writeFile(join(kitchen, 'settings.json'), '{"vacancy_seconds":77}');
  await writeFile(join(kitchen, signedResultsFile), '');

  await expect(startLounge(data, kill)).rejects.toThrow('killed');
  const found = await startLounge(data);
  expect(found).toMatchObject({ names: ['kitchen'], count: 205 });
  expect(found?.waiting.toSorted()).toEqual(ids.toSorted());
  expect(await readdir(join(data, 'rooms'))).toEqual(['lounge']);
  expect(await readFile(join(data, 'rooms/lounge/settings.json'), 'utf8')).toContain('77');
  expect((await openResultTrust(join(data, 'rooms/lounge'))).needsSignature).toBe(true);
  expect(await isNewFolder(join(data, 'rooms/lounge'), source)).toBe(false);
});

test('what waits under a former name that no record speaks of any more is settled all the same', async () => {
  const data = temporaryFolder();
  await withCloseStack(live(), async (opened) => {
    const store = await openStore(data, 'lounge', opened);
    const receipt = makeReceipt(jpeg, 'http://detector');
    await store.keep({ jpeg, facts: snapshotFacts.parse(receipt) }, Date.now() / 1000);
    const handlers = new Map<string, HandleUploadResult>();
    const mqtt = { subscribe: (topic: string, handle: never) => handlers.set(topic, handle), connected: false };
    const former = { names: [], forget: () => Promise.resolve() };
    const handleResult = handleUploadResults({
      ...{ ...store, base: 'b', log, isSigned: () => false, throttle: () => undefined },
      trust: await openResultTrust(data),
      ended: () => undefined,
      ignored: () => undefined,
    });
    await serveFormerNames({
      room: 'lounge',
      former,
      base: 'b',
      mqtt: mqtt as never,
      store,
      handleResult,
      log,
      opened,
    });
    const topic = 'b/kitchen/upload';
    await handlers.get(topic)?.({ topic, payload: Buffer.from(JSON.stringify(makeResult(receipt))) });
    expect([...store.outbox.unsettled()]).toEqual([]);
  });
});
