import { expect, test } from 'vitest';
import { areSimilar } from '../../../src/domain/page/similar-pictures.js';

const gray = (value: (p: number) => number, width = 20) => {
  return { width, height: 10, pixels: Uint8Array.from({ length: width * 10 }, (_, p) => value(p)) };
};
const plain = gray(() => 100);

const cases = [
  ['the same picture', plain, true],
  ['noise', gray((p) => 100 + (p % 5) * 2), true],
  ['three bright pixels', gray((p) => (p < 3 ? 255 : 100)), true],
  ['a small object', gray((p) => (p < 4 ? 60 : 100)), false],
  ['a lamp that is switched on', gray(() => 120), false],
  ['another size', gray(() => 100, 10), false],
] as const;
test.each(cases)('%s', (_, other, same) => {
  expect(areSimilar(plain, other)).toBe(same);
  expect(areSimilar(other, plain)).toBe(same);
});
