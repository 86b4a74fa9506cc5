import { expect, test } from 'vitest';
import { isBetterUrl } from '../../../src/domain/uploads/record.js';

const at = (origin: string, expires: number) => `http://${origin}/snapshots/a.jpg?expires=${expires}&signature=00`;

const cases = [
  ['the same URL', at('old:1', 10_000), false, false],
  ['the same URL, which has failed', at('old:1', 10_000), true, false],
  ['one that expires a minute later', at('old:1', 10_060), false, false],
  ['one that expires an hour later', at('old:1', 13_600), false, true],
  ['one of another port, made later', at('old:2', 10_001), false, true],
  ['an old one of another host, sent again by a stranger', at('older:1', 9_000), false, false],
  ['one made while the clock was behind, if the queued one has failed', at('new:1', 9_000), true, true],
] as const;
test.each(cases)('%s', (_, announced, failed, better) => {
  expect(isBetterUrl(announced, at('old:1', 10_000), failed)).toBe(better);
});
