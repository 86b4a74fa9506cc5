import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import { createPackedFrames, gapsIn } from '../../../src/domain/page/packed-frames.js';

const packer = {
  pack: (bytes: Uint8Array) => deflateRawSync(bytes),
  unpack: (bytes: Uint8Array) => inflateRawSync(bytes),
};

test('frames come back as they were, whatever they show', () => {
  const pictures = fc.array(fc.uint8Array({ minLength: 12, maxLength: 12 }), { maxLength: 80 });
  fc.assert(
    fc.property(pictures, (list) => {
      const frames = createPackedFrames(packer);
      list.forEach((pixels, at) => frames.add(at, { width: 4, height: 3, pixels }));
      expect(frames.unpacked()).toEqual(
        list.map((pixels, at) => ({ at, gray: { width: 4, height: 3, pixels: new Uint8Array(pixels) } })),
      );
    }),
    { numRuns: 50 },
  );
});

test('a quiet room takes little room', () => {
  const frames = createPackedFrames(packer);
  const pixels = Uint8Array.from({ length: 160 * 120 }, (_, place) => (place * 7919) % 251);
  for (let at = 0; at < 600; at++) frames.add(at, { width: 160, height: 120, pixels });
  expect(frames.bytes).toBeLessThan(600_000);
});

test('a pause without frames is a gap, and a slow camera has none', () => {
  const at = (times: readonly number[]) =>
    times.map((time) => ({ at: time, gray: { width: 1, height: 1, pixels: new Uint8Array(1) } }));
  expect(gapsIn(at([0, 1, 2, 12, 13]))).toEqual([{ from: 2, to: 12 }]);
  expect(gapsIn(at([0, 1, 2, 3]))).toEqual([]);
  expect(gapsIn([])).toEqual([]);
});
