import { readFile } from 'node:fs/promises';
import { replaceFile } from './atomic-file.js';
import { hasCode } from './system-error.js';

/** A file for the settings that are changed at run time, so that they survive a restart. */
export type SettingsFile<Settings> = { load(): Promise<unknown>; save(settings: Settings): Promise<void> };

/** @param path a JSON file; missing, or not readable as JSON, it counts as empty */
export function openSettingsFile<Settings extends object>(path: string): SettingsFile<Settings> {
  return {
    async load() {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as unknown;
      } catch (error) {
        if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return {};
        throw error;
      }
    },
    save: (settings) => replaceFile(path, JSON.stringify(settings, undefined, 2) + '\n'),
  };
}
