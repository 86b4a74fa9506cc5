import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { currentLayout, ensureDataLayout } from '../../../src/adapters/files/data-layout.js';

const folder = mkdtempSync(join(tmpdir(), 'layout-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a new directory is made and marked, and taken again', () => {
  const data = join(folder, 'new', 'data');
  ensureDataLayout(data);
  ensureDataLayout(data);
  expect(readFileSync(join(data, 'layout'), 'utf8')).toBe(`${currentLayout}\n`);
});

test('what a newer version has written is refused, and left as it is', () => {
  const data = join(folder, 'newer');
  ensureDataLayout(data);
  writeFileSync(join(data, 'layout'), '99\n');
  expect(() => ensureDataLayout(data)).toThrow(/layout 99, this one knows 1.*another data_dir/);
  expect(readFileSync(join(data, 'layout'), 'utf8')).toBe('99\n');
});

test('a process that comes while another is writing the mark goes on', () => {
  const data = join(folder, 'race');
  ensureDataLayout(data);
  writeFileSync(join(data, 'layout'), '');
  expect(() => ensureDataLayout(data)).not.toThrow();
});
