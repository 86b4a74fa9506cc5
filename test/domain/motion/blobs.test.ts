import { expect, it } from 'vitest';
import { createBlobFinder } from '../../../src/domain/motion/blobs.js';
import { createDensityFilter } from '../../../src/domain/motion/density.js';

function maskOf(picture: readonly string[]): Uint8Array {
  return Uint8Array.from(picture.join(''), (sign) => (sign === '#' ? 1 : 0));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

it.each([
  ['nothing', ['....', '....'], []],
  ['corners touch', ['#...', '.#..'], [2]],
  ['a row ends where the next one begins', ['...#', '#...'], [1, 1]],
  ['two arms joined below', ['#..#', '#..#', '####'], [8]],
  ['three arms joined above', ['####', '#.#.', '#.#.'], [8]],
  ['arms joined later, twice', ['#.#.#', '#.#.#', '.#.#.'], [8]],
  ['a blob inside a ring', ['#####', '#...#', '#.#.#', '#...#', '#####'], [16, 1]],
])('finds the blobs of a mask, in the order of their first pixels: %s', (_, picture, areas) => {
  const mask = maskOf(picture);
  const width = picture[0]!.length;
  const { find, labels } = createBlobFinder(width, picture.length);
  const found = find(mask, 1);
  expect(found.map(({ area }) => area)).toEqual(areas);
  for (const { area, sumX, sumY, label, left, top, right, bottom } of found) {
    const pixels = [...labels.keys()].filter((p) => labels[p] === label);
    const columns = pixels.map((p) => p % width);
    const rows = pixels.map((p) => Math.floor(p / width));
    expect(pixels).toHaveLength(area);
    expect([sumX, sumY]).toEqual([sum(columns), sum(rows)]);
    expect([left, right]).toEqual([Math.min(...columns), Math.max(...columns)]);
    expect([top, bottom]).toEqual([Math.min(...rows), Math.max(...rows)]);
  }
  expect(labels.every((label, p) => label > 0 === (mask[p] === 1))).toBe(true);
});

it('leaves out a blob that is too small, but labels it', () => {
  const { find, labels } = createBlobFinder(5, 2);
  expect(find(maskOf(['#..##', '...##']), 2)).toEqual([
    { area: 4, sumX: 14, sumY: 2, left: 3, top: 0, right: 4, bottom: 1, label: 2 },
  ]);
  expect(labels[0]).toBe(1);
});

it.each([5, 6, 7, 12])(
  'sets the pixels with enough neighbours, as counted one by one, in a mask %i pixels wide',
  (width) => {
    const height = 9;
    const mask = Uint8Array.from({ length: width * height }, (_, p) => ((p * 7919) % 13 < 4 && p >= width ? 1 : 0));
    const into = new Uint8Array(width * height);
    createDensityFilter(width, height)(mask, 8, into);
    const counted = Array.from(mask, (_, p) => {
      const [x, y] = [p % width, Math.floor(p / width)];
      return Array.from(mask).filter(
        (set, q) => set === 1 && Math.abs((q % width) - x) <= 2 && Math.abs(Math.floor(q / width) - y) <= 2,
      ).length;
    });
    expect(Array.from(into)).toEqual(counted.map((set) => (set >= 8 ? 1 : 0)));
  },
);
