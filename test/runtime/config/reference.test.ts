import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configTable } from '../../../src/runtime/config/reference.js';
import { leaves } from '../../../src/runtime/config/keys.js';

test("the README's table of keys is what the program accepts (npm run docs:config writes it)", () => {
  expect(readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')).toContain(`\n${configTable()}\n`);
});

test('every key says what it is for', () => {
  const silent = [...leaves].filter(([, { doc }]) => doc.length < 8).map(([path]) => path);
  expect(silent).toEqual([]);
});
