import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

/** Where the version of package.json stands once more, since these cannot read it there. */
const copies: readonly (readonly [string, RegExp])[] = [
  ['docker/Dockerfile', /^ARG VERSION=(.*)$/m],
  ['docker/example.env', /^#IMAGE=.*:(.*)$/m],
  ['docker/README.md', /`IMAGE=ghcr\.io\/OWNER\/roomwatch:([\d.]+)`/],
  ['docs/upgrading.md', /roomwatch_([\d.]+)_arm64\.deb/],
  ['package-lock.json', /"version": "(.*)"/],
  ['packaging/home-assistant/roomwatch/config.yaml', /^version: ["']?([^"'\n]*)/m],
];

test.each(copies.filter(([path]) => existsSync(join(root, path))))(
  '%s has the version of the package',
  (path, place) => {
    expect(place.exec(read(path))?.[1]).toBe(version);
  },
);

test('the notes of the release are what CHANGELOG.md says about this version, which has a date', () => {
  const script = join(root, 'tools', 'release-notes.mjs');
  const notes = execFileSync(process.execPath, [script], { encoding: 'utf8', env: {} });
  const changes = read('CHANGELOG.md');
  expect(changes).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')}, \\d{4}-\\d{2}-\\d{2}$`, 'm'));
  expect(notes.length).toBeGreaterThan(1000);
  expect(changes).toContain(notes);
  expect(notes).not.toMatch(/^## /m);
});
