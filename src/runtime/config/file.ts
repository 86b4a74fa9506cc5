import { readFileSync } from 'node:fs';
import { parseConfigText, type ConfigContent } from './config-text.js';

/** Reads a YAML or JSON file; the content shows which of the two it is. */
export function readConfigFile(path: string): ConfigContent {
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
  if (code === 'EACCES') return `may not be read by user ${process.geteuid?.()}: give this user permission to read it`;
  if (code === 'EISDIR') return 'is a directory, not a file';
  return `cannot be read (${code ?? String(error)})`;
}
