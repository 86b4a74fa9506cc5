import { configKeys } from './keys.js';
import { sampleClip } from './schema.js';

/** The table of every key with its default and meaning, in Markdown, as `docs/configuration.md` shows it. */
export function configTable(): string {
  const rows = [...configKeys].map(([path, key]) => `| \`${path}\` | ${written(key.default)} | ${key.doc} |`);
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function written(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === sampleClip) return 'the bundled clip';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.replaceAll(',', ', ')}\``;
}
