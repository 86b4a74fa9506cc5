import { expect, test } from 'vitest';
import { parse, sourceFiles, target, type Import } from '../support/source-tree.js';

const rooms = ['domain', 'pipelines', 'adapters', 'runtime', 'web'] as const;
/** What adapters of several technologies may share: it has none of its own. */
const shared = ['src/adapters/content-hash.ts', 'src/adapters/live-camera.ts'];
type Room = (typeof rooms)[number] | 'entry';

/** What a file of each room may ask for; `target` is a path within the checkout, `node:…`, or a package's name. */
const allowed: Record<Room, (importer: string, target: string, typeOnly: boolean) => boolean> = {
  domain: (_, wanted) => inside(wanted, 'domain') || wanted === 'zod',
  pipelines: (_, wanted) => inside(wanted, 'domain'),
  adapters: (importer, wanted, typeOnly) =>
    isPackage(wanted) ||
    inside(wanted, 'domain') ||
    (inside(wanted, 'runtime') && typeOnly) ||
    shared.includes(wanted) ||
    (inside(wanted, 'adapters') && technology(wanted) === technology(importer)),
  runtime: (_, wanted) => isPackage(wanted) || inside(wanted, 'runtime') || inside(wanted, 'domain'),
  web: (_, wanted) => isPackage(wanted) || inside(wanted, 'web') || inside(wanted, 'domain'),
  entry: () => true,
};

test('imports go from the entries inwards, and never between pipelines and adapters', () => {
  const wrong = sourceFiles('src').flatMap((file) =>
    file.imports.filter((one) => !fits(file.path, one)).map((one) => `${file.path} -> ${one.from}`),
  );
  expect(wrong).toEqual([]);
});

test.each([
  ['src/domain/a.ts', `import { readFile } from 'node:fs/promises';`],
  ['src/domain/a.ts', `const mqtt = await import('mqtt');`],
  ['src/domain/a.ts', `export * from '../runtime/log.js';`],
  ['src/pipelines/a.ts', `import { openSpool } from '../adapters/spool.js';`],
  ['src/pipelines/a.ts', `type A = import('../adapters/spool.js').A;`],
  ['src/adapters/mqtt-a.ts', `import { createLog } from '../runtime/log.js';`],
  ['src/adapters/mqtt-a.ts', `import { fetch } from './http-download.js';`],
  ['src/adapters/mqtt-a.ts', `require('../pipelines/watch-room.js');`],
  ['src/runtime/a.ts', `import { openSpool } from '../adapters/spool.js';`],
])('the rule sees %s: %s', (path, text) => {
  const { imports } = parse(path, text);
  expect(imports).toHaveLength(1);
  expect(imports.filter((one) => fits(path, one))).toEqual([]);
});

function fits(path: string, { from, typeOnly }: Import): boolean {
  return allowed[room(path)](path, target(path, from), typeOnly);
}

function room(path: string): Room {
  return rooms.find((name) => inside(path, name)) ?? 'entry';
}

function inside(path: string, name: string): boolean {
  return path.startsWith(`src/${name}/`);
}

function isPackage(wanted: string): boolean {
  return !wanted.startsWith('src/');
}

/** `mqtt` for `src/adapters/mqtt-connection.ts`. */
function technology(path: string): string {
  return path.replace('src/adapters/', '').split(/[-./]/, 1)[0] ?? '';
}
