import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A file with one JSON object on each line (NDJSON). */
export type NdjsonFile = { write(line: object): Promise<void>; close(): Promise<void> };

/** Creates or overwrites the file (mode 0600); `write` waits while the disk is behind. */
export function openNdjson(path: string): NdjsonFile {
  const stream = createWriteStream(path, { mode: 0o600 });
  const done = finished(stream);
  done.catch(() => undefined);
  return {
    async write(line) {
      if (!stream.write(JSON.stringify(line) + '\n')) await Promise.race([once(stream, 'drain'), done]);
    },
    async close() {
      stream.end();
      await done;
    },
  };
}
