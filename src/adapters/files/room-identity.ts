import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../domain/contract/read-json.js';
import { replaceFile } from './atomic-file.js';

const identity = z.object({
  camera: z.string(),
  former: z.array(z.string()).default([]),
  is_new: z.boolean().default(false),
});
/**
 * Whose folder a room's folder is: `camera` is a hash of its source, `former` the names that the room had before and that are
 * still to be cleared. `is_new`: it was not searched for folders of former names to the end yet.
 */
export type RoomIdentity = { readonly camera: string; readonly former: readonly string[]; readonly is_new: boolean };

/** Reads a folder's identity; that of an earlier version is in its announcement to Home Assistant. */
export async function readRoomIdentity(folder: string): Promise<RoomIdentity | undefined> {
  for (const name of ['room.json', 'home-assistant.json']) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    const found = text === undefined ? undefined : identity.safeParse(parseJson(text)).data;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Stores a folder's identity. */
export async function writeRoomIdentity(folder: string, { camera, former, is_new }: RoomIdentity): Promise<void> {
  await replaceFile(join(folder, 'room.json'), JSON.stringify({ camera, former, is_new }) + '\n');
}
