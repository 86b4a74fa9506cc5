import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDetector } from '../../src/detector/detector.js';
import type { Log } from '../../src/runtime/log.js';
import { configOf } from '../support/config-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A log that passes the words of every line on. */
function logTo(note: (words: string) => void): Log {
  const line = (_fields: unknown, words?: string) => note(words ?? '');
  return { trace: line, debug: line, info: line, warn: line, error: line, fatal: line } as unknown as Log;
}

// With recognition, the first snapshot of a visit waits for a good look.
test.each([false, true])(
  'a detector that is told to stop in a visit’s first frame stores a snapshot (recognition: %s)',
  async (enabled) => {
    const dataDir = temporaryFolder();
    // Nothing listens on port 1: a detector does not need its broker.
    const settings = { room: 'hall', data_dir: dataDir, mqtt: { url: 'mqtt://127.0.0.1:1' }, http: { port: 0 } };
    const rest = { camera: { pace: 'fast' }, recognition: { enabled } };
    const config = configOf(JSON.stringify({ ...settings, ...rest }), {}, 'conf.json');
    const stop = new AbortController();
    const lines: string[] = [];
    const log = logTo((words) => {
      lines.push(words);
      // Logged between the status and the snapshot of one frame.
      if (words === 'room occupied') stop.abort();
    });
    await runDetector(config, log, stop.signal, { configuration: [], logLines: () => [] });
    expect(lines).toContain('room occupied');
    const folder = join(dataDir, 'rooms', 'hall');
    const [picture = '', ...more] = readdirSync(join(folder, 'snapshots'));
    expect(picture).toMatch(/\.jpg$/);
    expect(more).toEqual([]);
    expect(readFileSync(join(folder, 'outbox'), 'utf8')).toContain(picture.replace('.jpg', ''));
  },
);
