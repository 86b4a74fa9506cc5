// Bundles the page into dist/web (or the directory named): code and style with their content in their names, so that
// browsers may keep them for ever, each also compressed, so that nothing is compressed while a room is watched.
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const source = fileURLToPath(new URL('../src/web/client/', import.meta.url));
const target = process.argv[2] ?? fileURLToPath(new URL('../dist/web/', import.meta.url));

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const { metafile } = await build({
  entryPoints: ['main.tsx', 'overview/overview.tsx', 'login.ts', 'main.css'].map((name) => join(source, name)),
  outdir: target,
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  metafile: true,
  format: 'esm',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
});

const built = Object.keys(metafile.outputs).map((path) => basename(path));
const renamed = (name) => {
  const [stem, extension] = name.split('.');
  return built.find((file) => file.startsWith(`${stem}-`) && file.endsWith(`.${extension}`)) ?? name;
};
const read = (page) => readFile(join(source, page), 'utf8');
const index = await read('index.html');
const pages = {
  'index.html': index,
  // The page of all rooms differs in its script alone.
  'overview.html': index.replace('assets/main.js', 'assets/overview.js'),
  'login.html': await read('login.html'),
  'no-password.html': await read('no-password.html'),
};
for (const [page, html] of Object.entries(pages)) {
  await writeFile(
    join(target, page),
    html.replaceAll(/assets\/([\w.-]+)/g, (_, name) => `assets/${renamed(name)}`),
  );
  built.push(page);
}
await copyFile(join(source, 'icon.svg'), join(target, 'icon.svg'));

for (const name of built) {
  const bytes = await readFile(join(target, name));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  await writeFile(join(target, `${name}.br`), brotliCompressSync(bytes, { params: quality }));
}
