import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

/** Keeps the settings that were set while running, so that they survive a restart. */
export type SettingsFile<Settings> = { load(): Promise<unknown>; save(settings: Settings): Promise<void> };

/** @param path a JSON file, made with mode 0600 when first saved; one that cannot be read as JSON counts as empty */
export function openSettingsFile<Settings extends object>(path: string): SettingsFile<Settings> {
  return {
    async load() {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as unknown;
      } catch (error) {
        if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
        throw error;
      }
    },
    async save(settings) {
      await writeFileAtomic(path, JSON.stringify(settings, undefined, 2) + '\n', { mode: 0o600 });
    },
  };
}
