import { expect, test } from 'vitest';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import { TILES, cropAround } from '../../../src/domain/recognition/crops.js';

const frame = { width: 640, height: 360 };
const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

const cases = [
  ['a square of pixels around the middle', box(0.4, 0.4, 0.1, 0.2), 2, box(0.45 - 0.1125, 0.3, 0.225, 0.4)],
  ['moved into the frame at the edge', box(0, 0, 0.1, 0.2), 2, box(0, 0, 0.225, 0.4)],
  ['nothing smaller than a fifth of the height', box(0.5, 0.5, 0.01, 0.02), 2, box(0.505 - 0.05625, 0.41, 0.1125, 0.2)],
  ['as tall as the frame at most', box(0.4, 0.2, 0.2, 0.55), 2, box(0.5 - 0.309375, 0, 0.61875, 1)],
] as const;

test.each(cases)('%s', (_, around, times, crop) => {
  const got = cropAround(around, times, frame);
  for (const side of ['x', 'y', 'width', 'height'] as const) expect(got[side]).toBeCloseTo(crop[side], 4);
});

test('a crop of most of the frame is the whole of it', () => {
  expect(cropAround(box(0.1, 0.1, 0.8, 0.8), 1.5, { width: 400, height: 400 })).toEqual(WHOLE);
});

test('a small frame is not cut into blurred pieces', () => {
  expect(cropAround(box(0.5, 0.5, 0.05, 0.05), 1, { width: 160, height: 120 })).toMatchObject({
    height: 0.6,
    width: 0.45,
  });
});

test('the tiles cover the frame', () => {
  const covered = (x: number, y: number) =>
    TILES.some((tile) => x >= tile.x && x <= tile.x + tile.width && y >= tile.y && y <= tile.y + tile.height);
  for (let x = 0; x <= 1; x += 0.1) for (let y = 0; y <= 1; y += 0.1) expect(covered(x, y)).toBe(true);
});
