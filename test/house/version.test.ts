import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8');

test('the images and the Home Assistant app carry the version of the package', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(/^ARG VERSION=(.*)$/m.exec(read('docker/Dockerfile'))?.[1]).toBe(version);
  expect(/^version: (.*)$/m.exec(read('packaging/home-assistant/roomwatch/config.yaml'))?.[1]).toBe(version);
});
