import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cameraHash, openAnnouncedFile } from '../adapters/files/announced-file.js';
import { readRoomIdentity, type RoomIdentity, writeRoomIdentity } from '../adapters/files/room-identity.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import { type CloseStack, withCloseStack } from '../runtime/process/close-stack.js';
import { lockDirectory, LockedError } from '../runtime/process/lock.js';
import { signedResultsFile } from './result-trust.js';
import type { SnapshotStore } from './snapshot-store.js';

/** What a renamed room keeps besides its pictures. */
const settingsFiles = [
  ...['settings.json', 'masks.json', 'zones.json', 'occupied-by.json', 'furniture.json', 'visits'],
  signedResultsFile,
];
/** Number of snapshots taken over at a time. */
const atATime = 200;

type Needs = {
  readonly config: Pick<Config, 'room' | 'data_dir' | 'camera'>;
  /** the room's own folder, which is locked */
  readonly folder: string;
  /** see `isNewFolder` */
  readonly isNew: boolean;
  readonly store: SnapshotStore;
  /** Opens the store in the folder of a former name. */
  openStore(folder: string, room: string, opened: CloseStack): Promise<SnapshotStore>;
  readonly log: Pick<Log, 'info'>;
  readonly signal: AbortSignal;
};

/** The former names of this detector's room, whose topics are still to be cleared. */
export type FormerRooms = {
  readonly names: readonly string[];
  /** Forgets a name whose topics are cleared. */
  forget(name: string): Promise<void>;
};

/**
 * Whether no detector has run on a room's folder before to the end of `takeOverFormerRooms`, which can then be done or continued.
 * To be called before anything else writes there; it is remembered through a kill.
 */
export async function isNewFolder(folder: string, cameraSource: string): Promise<boolean> {
  const identity = await readRoomIdentity(folder);
  if (identity !== undefined) return identity.is_new;
  const isUsed = await stat(join(folder, 'outbox')).then(
    () => true,
    () => false,
  );
  if (!isUsed) await writeRoomIdentity(folder, { camera: cameraHash(cameraSource), former: [], is_new: true });
  return !isUsed;
}

/**
 * Takes over the folders of the names that the room had before: snapshots with their receipts, settings, masks. A room was
 * renamed if its folder is new and there is one of the same camera that no process uses. Rejects if the disk does not allow it;
 * nothing is lost then, and the next start goes on with it.
 */
export async function takeOverFormerRooms(needs: Needs): Promise<FormerRooms> {
  const { config, folder, signal } = needs;
  const rooms = join(config.data_dir, 'rooms');
  const camera = cameraHash(config.camera.source);
  const own = await readRoomIdentity(folder);
  let former = (own?.former ?? []).filter((name) => name !== config.room);
  let is_new = needs.isNew;
  const remember = async (names: readonly string[]) => {
    former = [...new Set(names)].filter((name) => name !== config.room);
    await writeRoomIdentity(folder, { camera, former, is_new });
  };
  if (own?.camera !== camera || own.former.length !== former.length) await remember(former);
  const wasOurs = (name: string, { former: theirs }: RoomIdentity) =>
    needs.isNew || former.includes(name) || theirs.includes(config.room);

  for (const name of (await readdir(rooms)).filter((name) => name !== config.room)) {
    const found = await readRoomIdentity(join(rooms, name));
    if (signal.aborted || found?.camera !== camera || !wasOurs(name, found)) continue;
    const lock = await lockDirectory(join(rooms, name), `detector for room ${name}`).catch((error: unknown) => {
      if (error instanceof LockedError) return undefined;
      throw error;
    });
    if (lock === undefined) continue;
    try {
      await remember([...former, name, ...found.former]);
      await takeOver(name, needs);
    } finally {
      await lock.release();
    }
  }
  signal.throwIfAborted();
  is_new = false;
  if (needs.isNew) await remember(former);
  return {
    get names() {
      return former;
    },
    forget: (name) => remember(former.filter((other) => other !== name)),
  };
}

async function takeOver(name: string, { config, folder, isNew, store, openStore, log, signal }: Needs): Promise<void> {
  const rooms = join(config.data_dir, 'rooms');
  const old = join(rooms, name);
  const isOld = (directory: string) => Promise.resolve(directory === old);
  // Makes its announcement to Home Assistant ours, so that it is withdrawn.
  await openAnnouncedFile(rooms, config.room, config.camera.source, isOld).earlier();
  for (const file of isNew ? settingsFiles : [])
    await copyFile(join(old, file), join(folder, file)).catch(() => undefined);
  let count = 0;
  await withCloseStack(signal, async (opened) => {
    const theirs = await openStore(old, name, opened);
    const ids = [...theirs.snapshots.ids()];
    for (let from = 0; from < ids.length; from += atATime) {
      const found = await Promise.all(ids.slice(from, from + atATime).map((id) => foreign(theirs, id, name)));
      await store.snapshots.takeOver(found.flatMap((one) => one ?? []));
    }
    count = await store.announceUnsettled();
  });
  signal.throwIfAborted();
  await rm(old, { recursive: true });
  log.info({ room: config.room, former: name, waiting: count }, 'the room was renamed; its pictures are taken over');
}

async function foreign({ snapshots, receiptOf }: SnapshotStore, id: string, room: string) {
  const record = await snapshots.recordOf(id);
  if (record === undefined) return undefined;
  // An index of an earlier version holds no facts.
  const facts = record.facts ?? (await receiptOf(id));
  const found = await snapshots.find(id);
  return {
    id,
    record: { ...record, facts, room: record.room ?? room },
    path: typeof found === 'string' ? undefined : found.path,
  };
}
