// `npm run docs:config`: writes the table of configuration keys into the README, from what the program itself accepts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTable } from '../dist/runtime/config/reference.js';

const readme = join(import.meta.dirname, '..', 'README.md');
const text = readFileSync(readme, 'utf8');
const table = /\| key \| default \| meaning \|\n(?:\|.*\n)+/;
if (!table.test(text)) throw new Error('README.md has no table "| key | default | meaning |" to be replaced');
writeFileSync(
  readme,
  text.replace(table, () => `${configTable()}\n`),
);
