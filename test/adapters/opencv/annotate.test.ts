import { expect, test } from 'vitest';
import { annotate } from '../../../src/adapters/opencv/annotate.js';
import { bgrPicture } from '../../../src/adapters/opencv/picture.js';
import { flatImage, pixel } from '../../support/mat.js';

const black = [0, 0, 0] as const;
const time = 'Sunday 22 November 2026 10:15:30AM';

test.each([
  [160, 120],
  [500, 375],
  [1920, 1080],
])('box, status and time at %d x %d', (width, height) => {
  const picture = bgrPicture(flatImage(width, height, black));
  const regions = [{ x: 0.5, y: 0.25, width: 0.25, height: 0.5 }];
  const drawn = annotate(picture, { regions, occupied: true, time });

  expect(pixel(drawn, width / 2, height / 2)).toEqual([0, 255, 0]);
  expect(pixel(drawn, Math.round(width * 0.75) - 1, height / 2)).toEqual([0, 255, 0]);
  expect(pixel(drawn, width * 0.625, height / 2)).toEqual([0, 0, 0]);
  // Red somewhere in the upper and in the lower left corner, nowhere in the right half of the middle.
  expect(reddest(drawn, 0, 0, width / 2, height / 5)).toBeGreaterThan(200);
  expect(reddest(drawn, 0, Math.ceil(height * 0.85), width / 2, height)).toBeGreaterThan(100);
  // The picture itself stays as it was.
  expect(pixel(picture.bgr(), width / 2, height / 2)).toEqual([0, 0, 0]);
  drawn.release();
  picture.release();
});

test('occupied and unoccupied look different', () => {
  const picture = bgrPicture(flatImage(500, 375, black));
  const [one, other] = [true, false].map((occupied) => annotate(picture, { regions: [], occupied, time }));
  expect(one!.getData().equals(other!.getData())).toBe(false);
});

test('what was recognised is named at its box and after the status', () => {
  const picture = bgrPicture(flatImage(500, 375, black));
  const box = { x: 0.4, y: 0.4, width: 0.3, height: 0.4 };
  const plain = annotate(picture, { regions: [box], occupied: true, time });
  const labelled = annotate(picture, { regions: [{ ...box, label: 'person', score: 0.82 }], occupied: true, time });
  // Above the box, inside its width.
  expect(brightest(plain, 205, 138, 300, 146)).toBe(0);
  expect(brightest(labelled, 205, 138, 300, 146)).toBeGreaterThan(150);
  // After "Room Status: Occupied", which ends at about 190.
  expect(reddest(plain, 200, 5, 300, 25)).toBe(0);
  expect(reddest(labelled, 200, 5, 300, 25)).toBeGreaterThan(200);
  for (const image of [plain, labelled]) image.release();
  picture.release();
});

test('the name of a box at the edge stays inside the picture', () => {
  const picture = bgrPicture(flatImage(500, 375, black));
  const drawn = annotate(picture, {
    regions: [{ x: 0.95, y: -0.02, width: 0.05, height: 0.9, label: 'potted plant', score: 0.5 }],
    occupied: false,
    time,
  });
  // Below the line of the status.
  expect(brightest(drawn, 360, 0, 470, 26)).toBe(0);
  expect(brightest(drawn, 360, 27, 470, 40)).toBeGreaterThan(150);
  drawn.release();
  picture.release();
});

function brightest(image: ReturnType<typeof flatImage>, left: number, top: number, right: number, bottom: number) {
  let most = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) most = Math.max(most, pixel(image, x, y)[1]!);
  return most;
}

function reddest(image: ReturnType<typeof flatImage>, left: number, top: number, right: number, bottom: number) {
  let most = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) most = Math.max(most, pixel(image, x, y)[2]!);
  return most;
}
