import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { isSection, type Section } from './keys.js';

/** The content of a configuration file, or every reason why it cannot be read. */
export type ConfigFile = { readonly tree: Section } | { readonly problems: readonly string[] };

/** Reads a YAML or JSON file; the content shows which of the two it is. */
export function readConfigFile(path: string): ConfigFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { problems: [`${path}: ${unreadable(error)}`] };
  }
  return parseConfigText(text.replace(/^\uFEFF/, ''), path);
}

/** Explains why a file could not be read. */
export function unreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'may not be read: give this user permission to read it';
  if (code === 'EISDIR') return 'is a directory, not a file';
  return `cannot be read (${code ?? String(error)})`;
}

function parseConfigText(text: string, path: string): ConfigFile {
  // Almost all JSON is YAML, but only JSON.parse accepts tabs between the tokens.
  if (/^\s*\{/.test(text)) {
    try {
      return asSections(JSON.parse(text), path);
    } catch (error) {
      if (path.endsWith('.json')) return { problems: [`${path}: is not JSON: ${(error as Error).message}`] };
    }
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ message }) => `${path}: is not YAML: ${firstLine(message)}`) };
  }
  return asSections(document.toJS() as unknown, path);
}

function asSections(value: unknown, path: string): ConfigFile {
  if (value === null || value === undefined) return { tree: {} };
  return isSection(value)
    ? { tree: value }
    : { problems: [`${path}: must hold keys and values, as in "room: kitchen"`] };
}

// The following lines quote the file, secrets included.
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/:$/, '');
}
