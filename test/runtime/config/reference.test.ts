import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { flatten, configKeys } from '../../../src/runtime/config/keys.js';
import { configExample, configTable, exampleValue } from '../../../src/runtime/config/reference.js';
import { configOf } from '../../support/config-file.js';

test('docs/configuration.md lists the keys that the program accepts (npm run docs:config writes the table)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')).toContain(
    `\n${configTable()}\n`,
  );
});

test('every key has a description', () => {
  const silent = [...configKeys].filter(([, { doc }]) => doc.length < 8).map(([path]) => path);
  expect(silent).toEqual([]);
});

const example = join(import.meta.dirname, '../../../config/example.yaml');

test('config/example.yaml is what the table of keys makes (npm run docs:config writes it)', () => {
  expect(readFileSync(example, 'utf8')).toBe(configExample());
});

test('config/example.yaml names its schema, and has every key with its default and one line of comment', () => {
  const text = configExample();
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=roomwatch.schema.json');
  const defaults = [...configKeys].map(([path, key]) => [path, exampleValue(path, key) ?? null] as const);
  const { values, problems } = flatten(parse(text) as Record<string, unknown>);
  expect(problems).toEqual([]);
  expect([...values].map(([path, { value }]) => [path, value])).toEqual(defaults.filter(([, value]) => value !== null));
  const unset = defaults.filter(([, value]) => value === null).map(([path]) => path.split('.').at(-1));
  for (const name of unset) expect(text).toMatch(new RegExp(`^ *# .+\n *${name}:$`, 'm'));
});

test('config/example.yaml loads, and means the same as no configuration at all', () => {
  const loaded = loadConfig({ file: example, env: {}, camera: 'needed' });
  expect(loaded).toMatchObject({ warnings: [] });
  const { data_dir: _, archive, ...rest } = 'problems' in loaded ? ({} as never) : loaded.config;
  const { data_dir: _other, archive: others, ...bare } = configOf('');
  expect(rest).toEqual(bare);
  expect({ ...archive, folder: others.folder }).toEqual(others);
});
