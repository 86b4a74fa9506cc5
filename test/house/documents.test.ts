import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = ['.', 'docs', 'docker', 'examples', 'native', 'test', 'bench'].flatMap(markdownIn);
/** Files that a run or the user makes. */
const made = /^(?:bench\/(?:out|clips)|docker\/(?:\.env|secrets|config\/roomwatch|compose\.override\.yaml))/;

test.each([
  ['README.md', 220],
  ['ARCHITECTURE.md', 120],
  ['CONTRIBUTING.md', 40],
])('%s has at most %i lines', (page, most) => {
  expect(read(page).trimEnd().split('\n').length).toBeLessThanOrEqual(most);
});

test('every relative link leads to a file, and to a heading of it', () => {
  const broken = pages.flatMap((page) =>
    linksOf(withoutCode(read(page)))
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !resolves(page, link))
      .map((link) => `${page} -> ${link}`),
  );
  expect(broken).toEqual([]);
});

test('every path of the repository that a document names exists', () => {
  const wrong = pages.flatMap((page) =>
    [
      ...read(page).matchAll(
        /`((?:src|test|native|tools|bench|config|docker|packaging|examples|docs)\/[\w./@-]*\w\/?)`/g,
      ),
    ]
      .map(([, path]) => path ?? '')
      .filter((path) => !made.test(path) && !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const wrong = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => !(name in scripts))
      .map((name) => `${page}: npm run ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('SECURITY.md shows the access rules of examples/mosquitto as they are', () => {
  expect(read('SECURITY.md')).toContain(`\`\`\`\n${read('examples/mosquitto/access')}\`\`\``);
});

test('the messages that docs/troubleshooting.md explains are those of the program', () => {
  const program = ['src', 'tools'].flatMap(textsIn).join('\n');
  const [own = ''] = read('docs/troubleshooting.md').split('## Containers');
  const messages = own
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, message]) => message ?? ''));
  // Of `… does not answer (ECONNREFUSED)` the words between the variable parts.
  const fixed = messages.flatMap((message) => message.split(/…|[():]/).map((part) => part.trim()));
  const words = fixed.filter((part) => part.split(' ').length >= 3);
  expect(words.length).toBeGreaterThan(20);
  expect(words.filter((part) => !program.includes(part))).toEqual([]);
});

function markdownIn(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  const deep = folder !== '.';
  return readdirSync(join(root, folder), { recursive: deep, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/^ {4}.*$/gm, '');
}

function linksOf(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
}

function resolves(page: string, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const path = file === '' ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(root, path))) return false;
  if (heading === undefined || statSync(join(root, path)).isDirectory()) return heading === undefined;
  return headingsOf(read(path)).includes(heading);
}

/** The anchors of a page's headings, as GitHub makes them. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

function textsIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|mjs|html)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
