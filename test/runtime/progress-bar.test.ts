import { expect, test } from 'vitest';
import { progressBar } from '../../src/runtime/progress-bar.js';

test('draws only changes, within its limits, and leaves nothing behind', () => {
  const written: string[] = [];
  const bar = progressBar((text) => written.push(text));
  bar.clear();
  [0, 0.0001, 0.5, 2].forEach((share) => bar.show(share));
  bar.clear();
  bar.clear();
  expect(written).toEqual([
    `\r${'░'.repeat(40)}   0 %`,
    `\r${'█'.repeat(20)}${'░'.repeat(20)}  50 %`,
    `\r${'█'.repeat(40)} 100 %`,
    '\r\x1b[K',
  ]);
});
