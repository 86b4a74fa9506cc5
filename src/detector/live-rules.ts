import { join } from 'node:path';
import { openSettingsFile } from '../adapters/files/settings-file.js';
import { motionRule } from '../domain/room/live-settings.js';
import type { MotionRule } from '../domain/motion/motion-detector.js';
import type { LiveSettings } from '../domain/contract/payloads.js';
import { openMasksKeeper, type MasksKeeper } from '../pipelines/detector/masks.js';
import { openSettingsKeeper, type SettingsKeeper } from '../pipelines/detector/settings.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';

/** What can be changed while a detector runs. */
export type DetectorRules = {
  readonly settings: SettingsKeeper;
  readonly masks: MasksKeeper;
  /** the motion rule as it is now */
  motion(): MotionRule;
};

/** Opens the rules with what earlier runs kept in `folder`; `changed` hears of every change, before it is kept. */
export async function openDetectorRules(
  config: Config,
  folder: string,
  log: Log,
  changed: (what: 'settings' | 'masks') => void,
): Promise<DetectorRules> {
  const { room } = config;
  const settings = await openSettingsKeeper(config, {
    ...openSettingsFile<Partial<LiveSettings>>(join(folder, 'settings.json')),
    changed(now) {
      changed('settings');
      log.info({ room, ...now }, 'settings changed');
    },
    failed: (err) => log.error({ err }, 'settings cannot be kept: they hold until the next start only'),
  });
  const masks = await openMasksKeeper(config.motion.masks, {
    ...openSettingsFile(join(folder, 'masks.json')),
    changed(now) {
      changed('masks');
      log.info({ room, masks: now.length }, 'masks changed');
    },
    failed: (err) => log.error({ err }, 'masks cannot be kept: they hold until the next start only'),
  });
  return { settings, masks, motion: () => motionRule(settings.now(), masks.now()) };
}
