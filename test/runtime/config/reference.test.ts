import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configTable } from '../../../src/runtime/config/reference.js';
import { configKeys } from '../../../src/runtime/config/keys.js';

test('docs/configuration.md lists the keys that the program accepts (npm run docs:config writes the table)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')).toContain(
    `\n${configTable()}\n`,
  );
});

test('every key has a description', () => {
  const silent = [...configKeys].filter(([, { doc }]) => doc.length < 8).map(([path]) => path);
  expect(silent).toEqual([]);
});
