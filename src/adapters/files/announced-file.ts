import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import writeFileAtomic from 'write-file-atomic';

/** What one process has announced to Home Assistant; kept, so that it can take it back in a later run. */
export type AnnouncedFile = {
  /** The topics announced by earlier runs of this process, or of the same camera when its room had another name. */
  earlier(): Promise<readonly string[]>;
  remember(topics: readonly string[]): Promise<void>;
};

const record = z.object({ topics: z.array(z.string()), camera: z.string() });
type Announcement = z.infer<typeof record>;

const fileName = 'home-assistant.json';

/**
 * @param rooms the folder with one folder a room
 * @param room this process's own folder therein
 * @param camera what makes a room of another name the same one; may hold credentials, only its hash is kept
 * @param deserted whether nobody runs on a room's folder now: the announcement of a living detector is its own
 */
export function openAnnouncedFile(
  rooms: string,
  room: string,
  camera: string,
  deserted: (directory: string) => Promise<boolean>,
): AnnouncedFile {
  const own = join(rooms, room, fileName);
  const mark = createHash('sha256').update(camera).digest('hex').slice(0, 16);

  async function formerNames(): Promise<string[]> {
    const others = (await readdir(rooms)).filter((name) => name !== room);
    const found = await Promise.all(
      others.map(async (name) => {
        const announcement = await read(join(rooms, name, fileName));
        return announcement?.camera === mark && (await deserted(join(rooms, name))) ? [name] : [];
      }),
    );
    return found.flat();
  }

  const remember = (topics: readonly string[]) =>
    writeFileAtomic(own, JSON.stringify({ topics, camera: mark }) + '\n', { mode: 0o600 });

  return {
    async earlier() {
      const files = (await formerNames()).map((name) => join(rooms, name, fileName));
      const all = await Promise.all([own, ...files].map(read));
      const topics = [...new Set(all.flatMap((announcement) => announcement?.topics ?? []))];
      // Ours first: a crash in between leaves a topic twice, never nowhere.
      if (files.length > 0) await remember(topics);
      for (const file of files) await rm(file, { force: true });
      return topics;
    },
    remember,
  };
}

/** A file that is missing or damaged says nothing. */
async function read(path: string): Promise<Announcement | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
