import { expect, it } from 'vitest';
import { createBlobFinder } from '../../../src/domain/motion/blobs.js';
import { createDensityFilter } from '../../../src/domain/motion/density.js';

function maskOf(picture: readonly string[]): Uint8Array {
  return Uint8Array.from(picture.join(''), (sign) => (sign === '#' ? 1 : 0));
}

it.each([
  ['nothing', ['....', '....'], []],
  ['corners touch', ['#...', '.#..'], [2]],
  ['one row ends where the next begins', ['...#', '#...'], [1, 1]],
  ['two arms meet below', ['#..#', '#..#', '####'], [8]],
  ['a comb from below', ['####', '#.#.', '#.#.'], [8]],
  ['arms that meet late, twice', ['#.#.#', '#.#.#', '.#.#.'], [8]],
  ['a thing in a ring', ['#####', '#...#', '#.#.#', '#...#', '#####'], [16, 1]],
])('finds the pieces of a mask, in the order of their first pixels: %s', (_, picture, areas) => {
  const mask = maskOf(picture);
  const width = picture[0]!.length;
  const { find, labels } = createBlobFinder(width, picture.length);
  const found = find(mask, 1);
  expect(found.map(({ area }) => area)).toEqual(areas);
  for (const { area, label, left, top, right, bottom } of found) {
    const own = [...labels.keys()].filter((p) => labels[p] === label);
    const columns = own.map((p) => p % width);
    const rows = own.map((p) => Math.floor(p / width));
    expect(own).toHaveLength(area);
    expect([left, right]).toEqual([Math.min(...columns), Math.max(...columns)]);
    expect([top, bottom]).toEqual([Math.min(...rows), Math.max(...rows)]);
  }
  expect(labels.every((label, p) => label > 0 === (mask[p] === 1))).toBe(true);
});

it('leaves out what is too small, and keeps its label', () => {
  const { find, labels } = createBlobFinder(5, 2);
  expect(find(maskOf(['#..##', '...##']), 2)).toEqual([{ area: 4, left: 3, top: 0, right: 4, bottom: 1, label: 2 }]);
  expect(labels[0]).toBe(1);
});

it.each([5, 6, 7, 12])('keeps what is dense, as counted one by one, %i pixels wide', (width) => {
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
});
