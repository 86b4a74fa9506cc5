import type { ConfigKey } from './formats.js';
import { configKeys } from './keys.js';
import { sampleClip } from './schema.js';
import { writeConfig } from './written-config.js';

/** The table of every key with its default and meaning, in Markdown, as `docs/configuration.md` shows it. */
export function configTable(): string {
  const rows = [...configKeys].map(([path, key]) => `| \`${path}\` | ${written(key.default)} | ${key.doc} |`);
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** A configuration file with every key, its default and its meaning, as `config/example.yaml` shows it. */
export function configExample(): string {
  const head = [
    'Every key of a configuration with its default; one without a value is not set. Your own file needs only what differs.',
    'docs/configuration.md says more. `npm run docs:config` writes this file.',
  ];
  const values = [...configKeys].map(([path, key]) => [path, exampleValue(path, key) ?? null] as const);
  return writeConfig(new Map(values), { head, schema: 'roomwatch.schema.json' });
}

/** The default of a key as a file would have it; undefined if there is none. */
export function exampleValue(path: string, key: ConfigKey<unknown>): unknown {
  return path === 'camera.source' ? 'sample' : key.default;
}

function written(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === sampleClip) return 'the bundled clip';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.replaceAll(',', ', ')}\``;
}
