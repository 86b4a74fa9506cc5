// `npm run docs:config`: writes the table of configuration keys into docs/configuration.md, from what the program itself accepts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTable } from '../dist/runtime/config/reference.js';

const page = join(import.meta.dirname, '..', 'docs', 'configuration.md');
const text = readFileSync(page, 'utf8');
const table = /\| key \| default \| meaning \|\n(?:\|.*\n)+/;
if (!table.test(text))
  throw new Error('docs/configuration.md has no table "| key | default | meaning |" to be replaced');
writeFileSync(
  page,
  text.replace(table, () => `${configTable()}\n`),
);
