import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../domain/contract/read-json.js';
import type { Components } from '../../domain/home-assistant/document.js';
import { replaceFile } from './atomic-file.js';

/** The topics that a process has announced to Home Assistant; kept, so that a later run can withdraw them. */
export type AnnouncedFile = {
  /** The topics announced by earlier runs of this process, or of the same camera when its room had another name. */
  earlier(): Promise<readonly string[]>;
  /** The components of this process's own device that earlier runs announced and Home Assistant may still have. */
  earlierComponents(): Promise<Components>;
  /** Stores what is announced now in place of the earlier topics and components. */
  remember(topics: readonly string[], components: Components): Promise<void>;
};

const announcement = z.object({
  topics: z.array(z.string()),
  components: z.record(z.string(), z.looseObject({ platform: z.string() })).catch({}),
  camera: z.string(),
});
type Announcement = z.infer<typeof announcement>;

const fileName = 'home-assistant.json';

/**
 * @param rooms the folder that holds one folder for each room
 * @param room the name of this process's own folder in it
 * @param camera identifies a room that was renamed; it may hold credentials, so only its hash is stored
 * @param isUnused whether no process uses a room's folder now; if one does, its announcement is its own
 */
export function openAnnouncedFile(
  rooms: string,
  room: string,
  camera: string,
  isUnused: (directory: string) => Promise<boolean>,
): AnnouncedFile {
  const own = join(rooms, room, fileName);
  const ownHash = cameraHash(camera);

  async function formerNames(): Promise<string[]> {
    const others = (await readdir(rooms)).filter((name) => name !== room);
    const found = await Promise.all(
      others.map(async (name) => {
        const announced = await readAnnouncement(join(rooms, name, fileName));
        return announced?.camera === ownHash && (await isUnused(join(rooms, name))) ? [name] : [];
      }),
    );
    return found.flat();
  }

  const remember = (topics: readonly string[], components: Components) =>
    replaceFile(own, JSON.stringify({ topics, components, camera: ownHash }) + '\n');
  const earlierComponents = async () => (await readAnnouncement(own))?.components ?? {};

  return {
    async earlier() {
      const files = (await formerNames()).map((name) => join(rooms, name, fileName));
      const all = await Promise.all([own, ...files].map(readAnnouncement));
      const topics = [...new Set(all.flatMap((announced) => announced?.topics ?? []))];
      // Our own file first: after a crash in between, a topic is in two files rather than in none.
      if (files.length > 0) await remember(topics, await earlierComponents());
      for (const file of files) await rm(file, { force: true });
      return topics;
    },
    earlierComponents,
    remember,
  };
}

/** Recognises a camera by its source without storing that. */
export function cameraHash(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}

/** Undefined if the file is missing or damaged. */
async function readAnnouncement(path: string): Promise<Announcement | undefined> {
  try {
    return announcement.parse(parseJson(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
