import { expect, test } from 'vitest';
import { createFrameBuffer } from '../../../src/domain/page/frame-buffer.js';

const gray = (value: number, width = 4) => ({ width, height: 2, pixels: new Uint8Array(width * 2).fill(value) });

test('frames are copied, no closer than the step, no older than the length', () => {
  const tape = createFrameBuffer({ stepSeconds: 1, seconds: 3, bytes: 1000 });
  const picture = gray(7);
  for (const at of [0, 0.5, 1, 2, 3, 4]) tape.record(at, () => picture);
  picture.pixels.fill(9);
  expect(tape.frames().map((frame) => frame.at)).toEqual([1, 2, 3, 4]);
  expect(tape.frames()[0]?.gray.pixels[0]).toBe(7);
});

test('the pixels held are bounded', () => {
  const tape = createFrameBuffer({ stepSeconds: 0, seconds: 1000, bytes: 24 });
  for (let at = 0; at < 10; at++) tape.record(at, () => gray(at));
  expect(tape.frames().map((frame) => frame.at)).toEqual([7, 8, 9]);
});

test('another size or a clock that was set back begins a new tape', () => {
  const tape = createFrameBuffer({ stepSeconds: 0, seconds: 1000, bytes: 1000 });
  tape.record(1, () => gray(1));
  tape.record(2, () => gray(1, 6));
  expect(tape.frames().map((frame) => frame.at)).toEqual([2]);
  tape.record(1, () => gray(1, 6));
  expect(tape.frames().map((frame) => frame.at)).toEqual([1]);
});
