import { effectiveSettings, parseStoredSettings, type ConfiguredSettings } from '../../domain/room/live-settings.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';

/** The live settings of a room: the configuration, overridden by what was set while running, in this or an earlier run. */
export type SettingsKeeper = {
  now(): LiveSettings;
  /**
   * Applies a change at once and stores it. If storing fails, it applies until the restart, and `failed` is called.
   * @param requests number of requests that were merged into this change
   */
  change(change: Partial<LiveSettings>, requests?: number): Promise<void>;
};

type Needs = {
  load(): Promise<unknown>;
  save(kept: Partial<LiveSettings>): Promise<void>;
  /** called with every change, before it is stored */
  changed(settings: LiveSettings, requests: number): void;
  failed(error: unknown): void;
};

/** Starts with what an earlier run stored. Only settings that were set are stored: the configuration decides the others. */
export async function openSettingsKeeper(config: ConfiguredSettings, needs: Needs): Promise<SettingsKeeper> {
  let kept = parseStoredSettings(await needs.load());
  let saving = Promise.resolve();
  return {
    now: () => effectiveSettings(config, kept),
    change(change, requests = 1) {
      kept = { ...kept, ...change };
      needs.changed(effectiveSettings(config, kept), requests);
      saving = saving.then(() => needs.save(kept)).catch((error: unknown) => needs.failed(error));
      return saving;
    },
  };
}
