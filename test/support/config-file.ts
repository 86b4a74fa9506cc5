import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../src/runtime/config/config.js';
import { temporaryFolder } from './temporary-folder.js';

/** Writes a file into a directory of its own, which goes when the test ends; gives its path. */
export function temporaryFile(name: string, content: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** Loads a configuration that must be fine. */
export function configOf(text: string, env: Record<string, string> = {}, name = 'conf.yaml'): Config {
  const loaded = loadConfig({ file: temporaryFile(name, text), env });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

/** Loads a configuration that must not be fine, and gives what is wrong with it. */
export function problemsOf(text: string, env: Record<string, string> = {}, name = 'conf.yaml'): readonly string[] {
  const loaded = loadConfig({ file: temporaryFile(name, text), env });
  return 'problems' in loaded ? loaded.problems : [];
}
