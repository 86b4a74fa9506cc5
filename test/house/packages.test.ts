import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles, target } from '../support/source-tree.js';

/** The only places that know each package. */
const home: Record<string, RegExp> = {
  '@fastify/cookie': /^src\/adapters\/http\//,
  '@fastify/helmet': /^src\/adapters\/http\//,
  '@fastify/reply-from': /^src\/adapters\/http\//,
  '@preact/signals': /^src\/web\/client\//,
  aedes: /^src\/adapters\/broker\//,
  commander: /^src\/cli/,
  convict: /^src\/runtime\/config\//,
  'd3-scale': /^src\/adapters\/svg\//,
  'd3-shape': /^src\/adapters\/svg\//,
  dropbox: /^src\/adapters\/dropbox\//,
  fastify: /^src\/adapters\/http\//,
  mqtt: /^src\/adapters\/mqtt\//,
  onvif: /^src\/adapters\/onvif\//,
  opencv4nodejs: /^src\/adapters\/opencv\//,
  pino: /^src\/runtime\/log/,
  'pino-pretty': /^src\/runtime\/log/,
  preact: /^src\/web\/client\//,
  'prom-client': /^src\/runtime\/metrics/,
  uplot: /^src\/web\/client\//,
  uuid: /^src\/runtime\/ids\.ts$/,
  'write-file-atomic': /^src\/adapters\/files\//,
  yaml: /^src\/runtime\/config\//,
  zod: /^src\/(domain|adapters|runtime)\//,
};

test('every package stands in its one folder', () => {
  const strays = sourceFiles('src').flatMap((file) =>
    packagesOf(file)
      .filter((name) => !home[name]?.test(file.path))
      .map((name) => `${file.path} -> ${name}`),
  );
  expect(strays).toEqual([]);
});

test('every dependency has such a folder, and every package used at run time is a dependency', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const { dependencies } = manifest as { dependencies: Record<string, string> };
  // The page is bundled: its packages are needed to build, not to run.
  const atRunTime = Object.keys(home).filter((name) => !home[name]?.test('src/web/client/'));
  expect(Object.keys(dependencies).sort()).toEqual(atRunTime.sort());
});

function packagesOf(file: ReturnType<typeof sourceFiles>[number]): readonly string[] {
  return file.imports
    .map((one) => target(file.path, one.from))
    .filter((name) => !name.startsWith('node:') && !name.startsWith('src/'));
}
