import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withFacts } from '../../src/adapters/files/picture-facts.js';
import { videoAddon } from '../../src/adapters/libav/addon.js';
import { openSnapshotStore, type SnapshotStore } from '../../src/detector/snapshot-store.js';
import type { SnapshotFacts } from '../../src/domain/contract/payloads.js';
import { newId } from '../../src/runtime/ids.js';
import { createCloseStack } from '../../src/runtime/process/close-stack.js';
import { createRandom, type Random } from '../chaos/random.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const limits = { keep_hours: 48, max_megabytes: 500, min_upload_seconds: 3 };

/** Runs `work` with the store of a folder, as one run of a detector would; returns what was logged. */
async function withStore(folder: string, work: (store: SnapshotStore) => Promise<void> | void): Promise<object[]> {
  const opened = createCloseStack();
  const lines: object[] = [];
  const write = (fields: object, message: string) => void lines.push({ ...fields, message });
  try {
    const store = await openSnapshotStore(folder, limits, {
      ...{ room: 'hall', forgetAfterSeconds: 7 * 86_400, monotonicSeconds: () => 0, opened },
      recordDisk: () => true,
      log: { warn: write, error: write } as never,
      signal: new AbortController().signal,
    });
    await work(store);
  } finally {
    await opened.close();
  }
  return lines;
}

/** A folder with six snapshots, of which the first two have ended. */
async function fill() {
  const folder = temporaryFolder();
  const plain = await videoAddon().encodeJpeg(Buffer.alloc(64 * 48 * 3, 100), 64, 48, 64 * 3, false);
  const all: SnapshotFacts[] = [];
  await withStore(folder, async (store) => {
    for (let n = 0; n < 6; n += 1) {
      const at = Date.now() / 1000 - 60 + n;
      const about = {
        ...{ id: newId(at), room: 'hall', visit: null, reason: 'command' as const },
        ...{ taken_at: new Date(Math.round(at * 1000)).toISOString(), width: 64, height: 48, regions: [] },
      };
      const jpeg = withFacts(plain, about);
      const sha256 = createHash('sha256').update(jpeg).digest('hex');
      all.push({ ...about, bytes: jpeg.length, sha256 });
      expect(await store.keep({ jpeg, facts: all[n]! }, at)).toBe(true);
    }
    for (const { id } of all.slice(0, 2)) {
      await store.snapshots.settle(id);
      await store.outbox.settle(id);
    }
  });
  const picture = (n: number) => join(folder, 'snapshots', `${all[n]!.id}.jpg`);
  return { folder, all, waiting: all.slice(2), picture };
}

/** The receipts that a store would announce. */
async function announced(store: SnapshotStore): Promise<SnapshotFacts[]> {
  const facts: SnapshotFacts[] = [];
  const stop = new AbortController();
  if (store.outbox.size === 0) return facts;
  await store.outbox.deliver((one) => {
    facts.push(one);
    if (facts.length === store.outbox.size + facts.length - 1) stop.abort();
    return Promise.resolve();
  }, stop.signal);
  return facts.sort((one, other) => (one.id < other.id ? -1 : 1));
}

test('a sound store is left as it is', async () => {
  const { folder, waiting } = await fill();
  const lines = await withStore(folder, async (store) => {
    expect(await announced(store)).toEqual(waiting);
    expect(store.mended).toEqual({ files: [], announced_again: 0, lost: 0 });
  });
  expect(lines).toEqual([]);
});

const flip = (path: string, at = 0.5) => {
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length * at)]! ^= 4;
  writeFileSync(path, bytes);
};
const zeros = (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size));
const half = (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2) + 7);
const remove = (path: string) => rmSync(path);
const ways = { 'a flipped bit in': flip, 'zeros in': zeros, 'half of': half, no: remove } as const;
const cases = Object.entries(ways).flatMap(([how, damage]) =>
  (['outbox', 'snapshot-index'] as const).map((file) => [how, file, damage] as const),
);
test.each(cases)(
  '%s %s: it is logged and shown, and every picture that waits is announced with its facts',
  async (...of) => {
    const [, file, damage] = of;
    const { folder, waiting } = await fill();
    damage(join(folder, file));
    const lines = await withStore(folder, async (store) => {
      const facts = await announced(store);
      for (const one of waiting) expect(facts).toContainEqual(one);
      expect(store.mended).toMatchObject({ files: [file], lost: 0 });
    });
    expect(lines).toContainEqual(expect.objectContaining({ file: join(folder, file) }));
    await withStore(folder, (store) => expect(store.mended).toMatchObject({ files: [], announced_again: 0 }));
  },
);

test('without outbox and index, every picture is announced with the facts in its file', async () => {
  const { folder, all } = await fill();
  remove(join(folder, 'outbox'));
  zeros(join(folder, 'snapshot-index'));
  await withStore(folder, async (store) => {
    expect(await announced(store)).toEqual(all);
    expect(store.mended).toEqual({ files: ['outbox', 'snapshot-index'], announced_again: 6, lost: 0 });
    for (const one of all) expect(await store.find(one.id)).toMatchObject({ bytes: one.bytes, sha256: one.sha256 });
  });
});

test('an outbox cut at the end of a line, or emptied, is noticed by what is missing in it', async () => {
  const { folder, waiting } = await fill();
  truncateSync(join(folder, 'outbox'), 0);
  const lines = await withStore(folder, async (store) => {
    expect(await announced(store)).toEqual(waiting);
    expect(store.mended).toEqual({ files: [], announced_again: 4, lost: 0 });
  });
  expect(lines).toMatchObject([{ folder, announced_again: 4 }]);
});

const losses = [
  ['outbox and index sound', []],
  ['the outbox damaged', ['outbox']],
  ['the index damaged', ['snapshot-index']],
] as const;
test.each(losses)('a record without its picture is announced, and answered as gone: %s', async (_, damaged) => {
  const { folder, all, waiting, picture } = await fill();
  remove(picture(3));
  for (const file of damaged) zeros(join(folder, file));
  await withStore(folder, async (store) => {
    expect(await announced(store)).toEqual(damaged[0] === 'snapshot-index' ? expect.arrayContaining(waiting) : waiting);
    expect(await store.find(all[3]!.id)).toBe('gone');
    expect(store.mended.lost).toBe(1);
    // The report of an uploader.
    await store.snapshots.settle(all[3]!.id);
    await store.outbox.settle(all[3]!.id);
  });
  zeros(join(folder, 'outbox'));
  await withStore(folder, async (store) => {
    expect((await announced(store)).map(({ id }) => id)).not.toContain(all[3]!.id);
  });
});

test('a picture that is gone with both of its records leaves no trace; the damage is logged and shown', async () => {
  // As in seed 18 of `npm run chaos`, while the detector was down.
  const { folder, all, picture } = await fill();
  const outbox = readFileSync(join(folder, 'outbox'), 'utf8').split('\n');
  const zeroed = outbox.map((line) => (line.includes(all[3]!.id) ? '\0'.repeat(line.length) : line));
  writeFileSync(join(folder, 'outbox'), zeroed.join('\n'));
  remove(join(folder, 'snapshot-index'));
  remove(picture(3));
  await withStore(folder, async (store) => {
    expect((await announced(store)).map(({ id }) => id)).toEqual(all.map(({ id }) => id).filter((_, n) => n !== 3));
    expect(store.mended.files).toEqual(['snapshot-index', 'outbox']);
  });
});

test('a snapshot that has ended is not announced again because its removal from the outbox was damaged', async () => {
  const { folder, all } = await fill();
  const before = join(folder, 'outbox.before');
  copyFileSync(join(folder, 'outbox'), before);
  await withStore(folder, async (store) => {
    for (const { id } of all) {
      await store.snapshots.settle(id);
      await store.outbox.settle(id);
    }
  });
  copyFileSync(before, join(folder, 'outbox'));
  await withStore(folder, async (store) => expect(await announced(store)).toEqual([]));
});

test('a picture that was written and not recorded, as a kill leaves it, is announced', async () => {
  const { folder, all, picture } = await fill();
  const id = newId(Date.now() / 1000);
  copyFileSync(picture(5), join(folder, 'snapshots', `${id}.jpg`));
  writeFileSync(join(folder, 'snapshots', `${newId(1)}.jpg.part`), 'half a picture');
  writeFileSync(join(folder, 'snapshots', 'holiday.jpg'), 'not ours');
  await withStore(folder, async (store) => {
    expect((await announced(store)).at(-1)).toMatchObject({ id, room: 'hall', sha256: all[5]!.sha256, width: 64 });
    expect(store.snapshots.count).toBe(7);
  });
  expect(existsSync(join(folder, 'snapshots', 'holiday.jpg'))).toBe(true);
});

test('a picture that was away and is back, as on a disk that was not mounted, is announced', async () => {
  const { folder, waiting } = await fill();
  renameSync(join(folder, 'snapshots'), join(folder, 'elsewhere'));
  await withStore(folder, async (store) => expect(await store.find(waiting[0]!.id)).toBe('gone'));
  rmSync(join(folder, 'snapshots'), { recursive: true });
  renameSync(join(folder, 'elsewhere'), join(folder, 'snapshots'));
  await withStore(folder, async (store) => {
    expect(await announced(store)).toEqual(waiting);
    expect(await store.find(waiting[0]!.id)).toMatchObject({ sha256: waiting[0]!.sha256 });
  });
});

test('a receipt that the disk damages while the detector runs is put back', async () => {
  const { folder, waiting } = await fill();
  await withStore(folder, async (store) => {
    zeros(join(folder, 'outbox'));
    expect(await store.receiptOf(waiting[0]!.id)).toBeUndefined();
    await store.sweep(Date.now() / 1000);
    expect(await store.receiptOf(waiting[0]!.id)).toMatchObject({ sha256: waiting[0]!.sha256 });
    expect(store.mended.files).toEqual(['outbox']);
  });
});

/** Damages a random range of a file in a random way. */
function damageAtRandom(path: string, random: Random): void {
  const bytes = readFileSync(path);
  const at = Math.floor(random.next() * bytes.length);
  const length = Math.floor(random.between(1, 600));
  const how = random.pick(['flip', 'zeros', 'noise', 'cut', 'hole'] as const);
  if (how === 'flip') bytes[at] = bytes[at]! ^ (1 << Math.floor(random.next() * 8));
  else if (how === 'zeros') bytes.subarray(at, at + length).fill(0);
  else if (how === 'noise')
    for (let n = at; n < Math.min(bytes.length, at + length); n += 1) bytes[n] = random.next() * 256;
  const kept = how === 'cut' ? bytes.subarray(0, at) : bytes;
  writeFileSync(path, how === 'hole' ? Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]) : kept);
}

test('random damage of outbox and index, again and again, loses no picture (seeds 1 to 40)', async () => {
  const { folder: original, waiting } = await fill();
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = createRandom(seed);
    const folder = temporaryFolder();
    for (const file of ['outbox', 'snapshot-index']) copyFileSync(join(original, file), join(folder, file));
    mkdirSync(join(folder, 'snapshots'));
    for (const { id } of waiting)
      copyFileSync(join(original, 'snapshots', `${id}.jpg`), join(folder, 'snapshots', `${id}.jpg`));
    for (let round = 0; round < 3; round += 1) {
      damageAtRandom(join(folder, 'outbox'), random);
      damageAtRandom(join(folder, 'snapshot-index'), random);
      await withStore(folder, async (store) => {
        const facts = await announced(store);
        for (const one of waiting) {
          expect(facts, `seed ${seed}, round ${round}`).toContainEqual(one);
          expect(await store.find(one.id), `seed ${seed}`).toMatchObject({ bytes: one.bytes, sha256: one.sha256 });
        }
      });
    }
  }
});
