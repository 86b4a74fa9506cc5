import { effectiveSettings, readKeptSettings, type ConfiguredSettings } from '../../domain/room/live-settings.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';

/** The live settings of a room: what is configured, and on top what was set while running, in this or an earlier run. */
export type SettingsKeeper = {
  now(): LiveSettings;
  /** Takes a change at once and keeps it; where that fails it holds until the restart, which is told. */
  change(change: Partial<LiveSettings>): Promise<void>;
};

type Needs = {
  load(): Promise<unknown>;
  save(kept: Partial<LiveSettings>): Promise<void>;
  /** told of every change, before it is kept */
  changed(settings: LiveSettings): void;
  failed(error: unknown): void;
};

/** Reads what an earlier run kept; only what was ever set is kept, so that the configuration goes on to rule the rest. */
export async function openSettingsKeeper(config: ConfiguredSettings, needs: Needs): Promise<SettingsKeeper> {
  let kept = readKeptSettings(await needs.load());
  let saving = Promise.resolve();
  return {
    now: () => effectiveSettings(config, kept),
    change(change) {
      kept = { ...kept, ...change };
      needs.changed(effectiveSettings(config, kept));
      saving = saving.then(() => needs.save(kept)).catch((error: unknown) => needs.failed(error));
      return saving;
    },
  };
}
