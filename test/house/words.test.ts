import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Words of an earlier, private vocabulary. ARCHITECTURE.md's glossary has the field's terms. */
const forbidden = [
  ...['darkroom', 'keepsake', 'parcel', 'bell', 'sideline', 'agenda', 'restlessness', 'newness', 'greeting', 'rival'],
  ...['roster', 'veteran', 'disbelieved', 'painter', 'stillness', 'haste', 'trembling', 'owed', 'wellbeing', 'inbox'],
];
const anyOfThem = new RegExp(`\\b(?:${forbidden.join('|')})s?\\b`, 'gi');

test('names and texts use the terms of the field', () => {
  const found = ['src', 'test', 'docs', 'tools', 'bench', 'native', 'docker', 'packaging', 'examples', 'config']
    .flatMap(textFiles)
    .filter((path) => !path.endsWith('words.test.ts'))
    .flatMap((path) => wordsOf(readFileSync(join(root, path), 'utf8')).map((word) => `${path}: ${word}`));
  expect(found).toEqual([]);
});

test.each(['ring the bell', 'createBell', 'pendingRivals', 'BELL'])('the rule sees %s', (text) => {
  expect(wordsOf(text)).toHaveLength(1);
});

test.each(['doorbell', 'arrival', 'label'])('the rule accepts %s', (text) => {
  expect(wordsOf(text)).toEqual([]);
});

/** The forbidden words of a text, also as parts of a camelCase name. */
function wordsOf(text: string): readonly string[] {
  return text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').match(anyOfThem) ?? [];
}

function textFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|mjs|js|cc|h|css|html|md|ya?ml|sh|py)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/(?:^|\/)(?:build|node_modules|out|clips)\//.test(path));
}
