import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { configJsonSchema } from '../../../src/runtime/config/json-schema.js';
import { configKeys, nest, ownKeys } from '../../../src/runtime/config/keys.js';
import { sampleClip } from '../../../src/runtime/config/schema.js';

const config = join(import.meta.dirname, '../../../config');
const made = configJsonSchema();
// Without defaults, which zod would fill in where a value is missing; an editor does not.
const plain: unknown = JSON.parse(JSON.stringify(made), (name, value: unknown) =>
  name === 'default' ? undefined : value,
);
const reader = z.fromJSONSchema(plain as Parameters<typeof z.fromJSONSchema>[0]);
const accepts = (tree: unknown) => reader.safeParse(tree).success;

test('config/roomwatch.schema.json is what the table of keys makes (npm run docs:config writes it)', () => {
  expect(JSON.parse(readFileSync(join(config, 'roomwatch.schema.json'), 'utf8'))).toEqual(made);
});

test.each(['example.yaml', 'try.yaml'])('the schema accepts config/%s', (name) => {
  expect(reader.safeParse(parse(readFileSync(join(config, name), 'utf8'))).error).toBeUndefined();
});

const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const samples = [
  ...[true, false, 0, -1, 0.5, 1, 5, 8, 90, 300, 65_536, 1e9],
  ...[
    '',
    'a',
    'A b',
    'uploaders',
    'auto',
    'rtsp://u:p@h/1',
    'mqtt://h:1',
    'http://h',
    '/a/b',
    '{room}/{id}.jpg',
    '3.1.1',
  ],
  ...[[], [640, 480], [1, 2, 3], ['person'], ['--camera', '1'], [polygon], [[[0, 0]]], [{ room: 'hall' }]],
];

test.each([...configKeys])('%s: no editor underlines a value that the program takes', (path, key) => {
  const takes = (value: unknown) => {
    try {
      key.check(value);
      return true;
    } catch {
      return false;
    }
  };
  const taken = samples.filter(takes);
  expect([...taken, null].filter((value) => !accepts(nest([[path, value]])))).toEqual([]);
  // It has a type or a list of words, so that some sample does not fit.
  expect(samples.every((value) => accepts(nest([[path, value]])))).toBe(false);
});

test.each([
  [{ roms: [] }],
  [{ mqtt: { base_topik: 'a' } }],
  [{ camera: { fps: 'fast' } }],
  [{ camera: { rotation: 45 } }],
  [{ motion: { masks: [[[0, 0]]] } }],
  [{ room: 'Living room' }],
  [{ rooms: [{ camera: { source: 'rpicam' } }] }],
  [{ rooms: [{ room: 'hall', archive: { kind: 'dropbox' } }] }],
])('an editor underlines what is wrong in %j', (tree) => {
  expect(accepts(tree)).toBe(false);
});

test('an entry of rooms has every key of its own', () => {
  const entry = nest(
    [...ownKeys].map(([path, key]) => [path, key.default === sampleClip ? 'sample' : (key.default ?? null)] as const),
  );
  expect(accepts({ rooms: [entry] })).toBe(true);
});
