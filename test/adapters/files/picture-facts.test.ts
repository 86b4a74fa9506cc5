import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { describePicture, withFacts } from '../../../src/adapters/files/picture-facts.js';
import { videoAddon } from '../../../src/adapters/libav/addon.js';
import type { SnapshotFacts } from '../../../src/domain/contract/payloads.js';
import { newId } from '../../../src/runtime/ids.js';

const takenAt = 1_800_000_000.123;
const id = newId(takenAt);
const region = { x: 0.1, y: 0.2, width: 0.3, height: 0.4, label: 'person', score: 0.9 };
const about = {
  ...{ id, room: 'hall', visit: newId(takenAt - 1), reason: 'motion' as const, regions: [region, region] },
  ...{ taken_at: '2027-01-15T08:00:00.123Z', width: 64, height: 48 },
};
const plain = () => videoAddon().encodeJpeg(Buffer.alloc(64 * 48 * 3, 100), 64, 48, 64 * 3, false);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('a picture says its facts itself, and is still the same picture', async () => {
  const jpeg = await plain();
  const file = withFacts(jpeg, about);
  expect(describePicture(file, id, 'other')).toEqual({ ...about, bytes: file.length, sha256: sha256(file) });
  expect(file.subarray(0, 4)).toEqual(jpeg.subarray(0, 4));
  expect(file.subarray(40 - jpeg.length).equals(jpeg.subarray(40))).toBe(true);
});

test('a picture without a comment is described by its name and what can be seen', async () => {
  const jpeg = await plain();
  const facts: SnapshotFacts = {
    ...{ ...about, visit: null, regions: [], room: 'here' },
    ...{ bytes: jpeg.length, sha256: sha256(jpeg) },
  };
  expect(describePicture(jpeg, id, 'here')).toEqual(facts);
});

test('facts of 256 regions fit', async () => {
  const regions = Array.from({ length: 256 }, () => region);
  expect(describePicture(withFacts(await plain(), { ...about, regions }), id, 'other').regions).toEqual(regions);
});

test('a damaged picture gets facts that its file does not fit, and no damage is an error', async () => {
  const file = withFacts(await plain(), about);
  const damaged = [
    ...[0, 1, 2, 3, 20, 200, file.length - 1].map((length) => file.subarray(0, length)),
    Buffer.alloc(file.length),
    ...Array.from({ length: file.length - 700 }, (_, n) => {
      const copy = Buffer.from(file);
      copy[n + 700]! ^= 1;
      return copy;
    }),
  ];
  for (const [n, bytes] of damaged.entries())
    expect(describePicture(bytes, id, 'hall').sha256, `case ${n}`).not.toBe(sha256(bytes));
  for (let at = 0; at < 700; at += 1) {
    const copy = Buffer.from(file);
    copy[at] = 0xff - copy[at]!;
    expect(describePicture(copy, id, 'hall')).toMatchObject({ id, bytes: file.length });
  }
});

test('a comment about another picture does not count', async () => {
  const file = withFacts(await plain(), about);
  const other = newId(takenAt + 5);
  expect(describePicture(file, other, 'here')).toMatchObject({ id: other, room: 'here', sha256: sha256(file) });
});
