// `npm run docs:config`: writes what is made from the table of configuration keys: the table in docs/configuration.md,
// config/example.yaml, and config/roomwatch.schema.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../dist/runtime/config/json-schema.js';
import { configExample, configTable } from '../dist/runtime/config/reference.js';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs', 'configuration.md');
const text = readFileSync(page, 'utf8');
const table = /\| key \| default \| meaning \|\n(?:\|.*\n)+/;
if (!table.test(text))
  throw new Error('docs/configuration.md has no table "| key | default | meaning |" to be replaced');
writeFileSync(
  page,
  text.replace(table, () => `${configTable()}\n`),
);
writeFileSync(join(root, 'config', 'example.yaml'), configExample());
writeFileSync(join(root, 'config', 'roomwatch.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
