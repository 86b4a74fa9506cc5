import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const permissive = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'WTFPL',
]);

type Locked = {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
};
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};
const shipped = Object.entries(packages).filter(([path, one]) => path !== '' && !one.dev && !one.devOptional);

test('what runs on the user’s machine is permissively licensed', () => {
  expect(
    shipped
      .filter(([path, one]) => !fits(one.license ?? ownWord(path)))
      .map(([path, one]) => `${path}: ${one.license ?? 'none'}`),
  ).toEqual([]);
});

/** An SPDX expression in which one branch of every `OR`, and all of every `AND`, is permissive. */
function fits(expression: string): boolean {
  const plain = expression.replace(/[()]/g, ' ');
  return plain.split(/\sOR\s/).some((branch) => branch.split(/\sAND\s/).every((name) => permissive.has(name.trim())));
}

/** What a package's own manifest says, for those that the lock file is silent about. */
function ownWord(path: string): string {
  try {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as {
      license?: string;
      licenses?: { type: string }[];
    };
    return manifest.license ?? manifest.licenses?.map((one) => one.type).join(' OR ') ?? '';
  } catch {
    return '';
  }
}
