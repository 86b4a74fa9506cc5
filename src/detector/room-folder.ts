import { join } from 'node:path';
import { ensureDataLayout } from '../adapters/files/data-layout.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import { lockDirectory } from '../runtime/process/lock.js';

/**
 * Locks the room's folder in the data directory and returns its path. Throws if another detector has the room, or if a newer
 * version wrote the data directory.
 */
export async function claimRoomFolder(dataDir: string, room: string, opened: CloseStack): Promise<string> {
  ensureDataLayout(dataDir);
  const folder = join(dataDir, 'rooms', room);
  const lock = await lockDirectory(folder, `detector for room ${room}`);
  opened.defer(() => lock.release());
  return folder;
}
