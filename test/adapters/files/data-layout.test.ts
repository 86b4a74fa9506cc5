import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { currentLayout, ensureDataLayout } from '../../../src/adapters/files/data-layout.js';

const folder = mkdtempSync(join(tmpdir(), 'layout-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a new directory is made, marked, and accepted again', () => {
  const data = join(folder, 'new', 'data');
  ensureDataLayout(data);
  ensureDataLayout(data);
  expect(readFileSync(join(data, 'layout'), 'utf8')).toBe(`${currentLayout}\n`);
});

test('the directory of a newer version is refused and left as it is', () => {
  const data = join(folder, 'newer');
  ensureDataLayout(data);
  writeFileSync(join(data, 'layout'), '99\n');
  expect(() => ensureDataLayout(data)).toThrow(/layout 99, this one knows 1.*another data_dir/);
  expect(readFileSync(join(data, 'layout'), 'utf8')).toBe('99\n');
});

test('a process goes on while another one is writing the mark', () => {
  const data = join(folder, 'race');
  ensureDataLayout(data);
  writeFileSync(join(data, 'layout'), '');
  expect(() => ensureDataLayout(data)).not.toThrow();
});
