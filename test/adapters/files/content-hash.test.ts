import { expect, test } from 'vitest';
import { contentHash } from '../../../src/adapters/files/content-hash.js';

const cases = [
  ['nothing', Buffer.alloc(0), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['three bytes', Buffer.from('abc'), '4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358'],
  ['a whole block', Buffer.alloc(4_194_304), 'c7e946d101855255d919ef0c70718633adf77d3dfb3adeeecf5d0cb4e951be58'],
  ['a block and a byte', Buffer.alloc(4_194_305), '14a4d47f23a30177885d9820122f17d2d3a55fe63f7f5c27b95f689e0b2accd6'],
  ['two blocks', Buffer.alloc(8_388_608), '03ae066c707c588592d9e27aa2444ca98423e0999024f1ceaa11a153790b37de'],
] as const;

test.each(cases)('%s', (_what, bytes, expected) => {
  expect(contentHash(bytes)).toBe(expected);
});
