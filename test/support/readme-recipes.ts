import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A shell recipe of the README: the sentence before it, and its commands as written. */
export type Recipe = { readonly title: string; readonly commands: string };

/** The recipes between the README's comment marks, in order. */
export async function readmeRecipes(): Promise<readonly Recipe[]> {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const marked = /<!-- recipes -->([\s\S]*)<!-- \/recipes -->/.exec(text)?.[1] ?? '';
  return [...marked.matchAll(/\n(\S[^\n]*(?:\n\S[^\n]*)*):\n\n```sh\n([\s\S]*?)```/g)].map(([, title, commands]) => ({
    title: title ?? '',
    commands: commands ?? '',
  }));
}
