import { expect, test } from 'vitest';
import { createFrameBuffer } from '../../../src/domain/page/frame-buffer.js';

/** Stores as it is, so that the size is known. */
const packer = { pack: (bytes: Uint8Array) => bytes.slice(), unpack: (bytes: Uint8Array) => bytes };
const gray = (value: number, width = 4) => ({ width, height: 2, pixels: new Uint8Array(width * 2).fill(value) });

test('frames are copied; none is closer than the step or older than the limit', () => {
  const buffer = createFrameBuffer({ stepSeconds: 1, seconds: 3, bytes: 1000 }, packer);
  const picture = gray(7);
  for (const at of [0, 0.5, 1, 2, 3, 4]) buffer.record(at, () => picture);
  picture.pixels.fill(9);
  expect(buffer.frames().map((frame) => frame.at)).toEqual([1, 2, 3, 4]);
  expect(buffer.frames()[0]?.gray.pixels[0]).toBe(7);
});

test('the compressed bytes have a limit; the oldest frames go first, and the others are as they were', () => {
  const buffer = createFrameBuffer({ stepSeconds: 0, seconds: 1000, bytes: 8 * 60 }, packer);
  for (let at = 0; at < 200; at++) buffer.record(at, () => gray(at));
  const kept = buffer.frames();
  expect(kept.length).toBeGreaterThan(30);
  expect(kept.length).toBeLessThanOrEqual(60);
  expect(kept.at(-1)?.at).toBe(199);
  for (const frame of kept) expect(frame.gray).toEqual(gray(frame.at));
});

test('the answers of looks are kept as long as their frames, and few detections of each', () => {
  const crop = { x: 0, y: 0, width: 1, height: 1 };
  const detection = { ...crop, label: 'person', score: 0.8 } as const;
  const answer = (at: number) => ({
    order: { at, crop, purpose: 'patrol', movers: [] } as const,
    look: { at, crop, detections: Array.from({ length: 100 }, () => detection) },
  });
  const buffer = createFrameBuffer({ stepSeconds: 1, seconds: 3, bytes: 1000 }, packer);
  buffer.recordLook(answer(0));
  expect(buffer.looks()).toEqual([]);

  for (const at of [0, 0.5]) buffer.record(at, () => gray(at));
  buffer.recordLook(answer(0.1));
  buffer.recordLook({ ...answer(0.2), look: undefined });
  expect(buffer.looks().map(({ answeredAt, look }) => [answeredAt, look?.detections.length])).toEqual([
    [0.5, 32],
    [0.5, undefined],
  ]);

  for (const at of [1, 2, 3]) buffer.record(at, () => gray(at));
  for (let n = 0; n < 1000; n++) buffer.recordLook(answer(3));
  expect(buffer.looks()).toHaveLength(600);
  for (const at of [4, 5, 6, 7]) buffer.record(at, () => gray(at));
  expect(buffer.looks()).toEqual([]);
});

test('another picture size or a clock that was set back empties the buffer', () => {
  const buffer = createFrameBuffer({ stepSeconds: 0, seconds: 1000, bytes: 1000 }, packer);
  buffer.record(1, () => gray(1));
  buffer.record(2, () => gray(1, 6));
  expect(buffer.frames().map((frame) => frame.at)).toEqual([2]);
  buffer.record(1, () => gray(1, 6));
  expect(buffer.frames().map((frame) => frame.at)).toEqual([1]);
});
