import { expect, test } from 'vitest';
import { createPictureLimit } from '../../../src/adapters/mqtt/picture-limit.js';

const sizes = 100_000;
const afterPicture = (bytes: number) => ({ bytes, tooLarge: false });
const said = (bytes: number) => ({ bytes, tooLarge: true });
const other = { bytes: undefined, tooLarge: false };

const cases = [
  ['a broker that restarts again and again sets no limit', Array.from({ length: 20 }, () => other), Infinity],
  ['two ends after a picture may be chance', [afterPicture(sizes), afterPicture(sizes)], Infinity],
  ['three in a row are not', Array.from({ length: 3 }, () => afterPicture(sizes)), sizes / 2],
  ['another end between them begins anew', [afterPicture(sizes), other, ...Array.from({ length: 2 }, () => afterPicture(sizes))], Infinity], // prettier-ignore
  ['a reason counts at once', [said(sizes)], sizes / 2],
  ['what is still too large is halved again', [said(sizes), said(sizes / 2)], sizes / 4],
  ['the limit is forgotten with the next connection', [said(sizes), other], Infinity],
  ['and known again if that ends, too', [said(sizes), other, afterPicture(sizes)], sizes / 2],
] as const;

test.each(cases)('%s', (_, ends, maxBytes) => {
  const limit = createPictureLimit();
  for (const { bytes, tooLarge } of ends) limit.ended({ tooLarge }, bytes);
  expect(limit.maxBytes).toBe(maxBytes);
});

test('a limit is forgotten for good once a larger picture was accepted', () => {
  const limit = createPictureLimit();
  limit.ended({ tooLarge: true }, sizes);
  limit.ended({ tooLarge: false }, undefined);
  limit.accepted(sizes);
  limit.ended({ tooLarge: false }, sizes);
  expect(limit.maxBytes).toBe(Infinity);
});
