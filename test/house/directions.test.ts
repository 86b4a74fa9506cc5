import { expect, test } from 'vitest';
import { parse, sourceFiles, target, type Import } from '../support/source-tree.js';

/** The folders of `src`; what stands at its top, and the compositions, may import everything. */
const folders = ['domain', 'pipelines', 'adapters', 'async', 'runtime', 'web'] as const;
type Folder = (typeof folders)[number] | 'entry';
/** Technologies that build on another one's parts. */
const buildsOn: Readonly<Record<string, readonly string[]>> = {
  camera: ['src/adapters/files/in-container.ts'],
  dropbox: ['src/adapters/files/content-hash.ts'],
  libav: ['src/adapters/camera/first-frame.ts', 'src/adapters/camera/live-camera.ts', 'src/adapters/camera/trouble.ts'],
  mqtt: ['src/adapters/files/in-container.ts'],
  opencv: [
    'src/adapters/camera/live-camera.ts',
    'src/adapters/camera/http-camera.ts',
    'src/adapters/camera/stream-connector.ts',
    'src/adapters/camera/trouble.ts',
    'src/adapters/libav/addon.ts',
    'src/adapters/libav/decode-picture.ts',
    'src/adapters/libav/stream.ts',
    'src/adapters/libav/video.ts',
    'src/adapters/libav/video-device.ts',
  ],
};

/** Finds the files of the package, wherever the importing module ends up. */
const packageFile = 'src/package-file.ts';

/** What a file of each folder may import; `wanted` is a path within the checkout, `node:…`, or a package's name. */
const allowed: Record<Folder, (importer: string, wanted: string, typeOnly: boolean) => boolean> = {
  domain: (_, wanted) => inside(wanted, 'domain') || wanted === 'zod',
  async: (_, wanted) => inside(wanted, 'async') || wanted.startsWith('node:'),
  // A loop may have parts, which lie beside it.
  pipelines: (importer, wanted) =>
    inside(wanted, 'domain') || inside(wanted, 'async') || folderOf(wanted) === folderOf(importer),
  adapters: (importer, wanted, typeOnly) =>
    isPackage(wanted) ||
    wanted === packageFile ||
    inside(wanted, 'domain') ||
    inside(wanted, 'async') ||
    (inside(wanted, 'runtime') && typeOnly) ||
    (inside(wanted, 'adapters') && technology(wanted) === technology(importer)) ||
    (buildsOn[technology(importer)] ?? []).includes(wanted),
  runtime: (_, wanted) =>
    isPackage(wanted) ||
    wanted === packageFile ||
    inside(wanted, 'runtime') ||
    inside(wanted, 'domain') ||
    inside(wanted, 'async'),
  web: (_, wanted) => isPackage(wanted) || inside(wanted, 'web') || inside(wanted, 'domain'),
  entry: () => true,
};

test('imports go from the entries inwards, and never between pipelines and adapters', () => {
  const wrong = sourceFiles('src').flatMap((file) =>
    file.imports.filter((one) => !fits(file.path, one)).map((one) => `${file.path} -> ${one.from}`),
  );
  expect(wrong).toEqual([]);
});

test('no imports form a circle, those of types included', () => {
  const imports = new Map(
    sourceFiles('src').map(({ path, imports: all }) => [path, all.map((one) => target(path, one.from))] as const),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
  };
  for (const path of imports.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test.each([
  ['src/domain/a.ts', `import { readFile } from 'node:fs/promises';`],
  ['src/domain/a.ts', `const mqtt = await import('mqtt');`],
  ['src/domain/a.ts', `export * from '../runtime/log.js';`],
  ['src/pipelines/a.ts', `import { openSpool } from '../adapters/files/spool.js';`],
  ['src/pipelines/a.ts', `type A = import('../adapters/files/spool.js').A;`],
  ['src/adapters/mqtt/a.ts', `import { createLog } from '../../runtime/log.js';`],
  ['src/adapters/mqtt/a.ts', `import { fetch } from '../http/download.js';`],
  ['src/adapters/mqtt/a.ts', `require('../../pipelines/detector/watch-room.js');`],
  ['src/runtime/a.ts', `import { openSpool } from '../adapters/files/spool.js';`],
])('the rule sees %s: %s', (path, text) => {
  const { imports } = parse(path, text);
  expect(imports).toHaveLength(1);
  expect(imports.filter((one) => fits(path, one))).toEqual([]);
});

function fits(path: string, { from, typeOnly }: Import): boolean {
  return allowed[folder(path)](path, target(path, from), typeOnly);
}

function folder(path: string): Folder {
  return folders.find((name) => inside(path, name)) ?? 'entry';
}

/** `src/pipelines/detector` for `src/pipelines/detector/watch-room.ts`. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function inside(path: string, name: string): boolean {
  return path.startsWith(`src/${name}/`);
}

function isPackage(wanted: string): boolean {
  return !wanted.startsWith('src/');
}

/** `mqtt` for `src/adapters/mqtt/client.ts`. */
function technology(path: string): string {
  return path.split('/')[2] ?? '';
}
