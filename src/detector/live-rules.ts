import { join } from 'node:path';
import { openSettingsFile } from '../adapters/files/settings-file.js';
import { motionRule } from '../domain/room/live-settings.js';
import type { MotionRule } from '../domain/motion/motion-detector.js';
import type { LiveSettings } from '../domain/contract/payloads.js';
import { recognitionRule, type RecognitionRule } from '../domain/recognition/recognition-rule.js';
import { openMasksKeeper, type MasksKeeper } from '../pipelines/detector/masks.js';
import { openOccupantsKeeper, type OccupantsKeeper } from '../pipelines/detector/occupants.js';
import { openZonesKeeper, type ZonesKeeper } from '../pipelines/detector/zones.js';
import { openSettingsKeeper, type SettingsKeeper } from '../pipelines/detector/settings.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';

type Listener = (what: 'settings' | 'masks' | 'zones' | 'occupants') => void;

/** Everything that can be changed while a detector runs. */
export type DetectorRules = {
  readonly settings: SettingsKeeper;
  readonly masks: MasksKeeper;
  readonly zones: ZonesKeeper;
  readonly occupants: OccupantsKeeper;
  /** the recognition rule that applies now */
  recognition(): RecognitionRule;
  /** the motion rule that applies now */
  motion(): MotionRule;
  /** Calls the listener on every change, before the change is stored. */
  onChange(listener: Listener): void;
};

/** Opens the rules as configured, with the changes that earlier runs stored in `folder`. */
export async function openDetectorRules(
  config: Pick<Config, 'room' | 'motion' | 'zones' | 'recognition' | 'occupancy' | 'snapshots'>,
  folder: string,
  log: Log,
): Promise<DetectorRules> {
  const { room } = config;
  const listeners: Listener[] = [];
  const changed: Listener = (what) => listeners.forEach((listener) => listener(what));
  const settings = await openSettingsKeeper(config, {
    ...openSettingsFile<Partial<LiveSettings>>(join(folder, 'settings.json')),
    changed(now, requests) {
      changed('settings');
      log.info({ room, requests, ...now }, 'settings changed');
    },
    failed: (err) => log.error({ err }, 'settings cannot be stored: they apply until the next start only'),
  });
  const masks = await openMasksKeeper(config.motion.masks, {
    ...openSettingsFile(join(folder, 'masks.json')),
    changed(now) {
      changed('masks');
      log.info({ room, masks: now.length }, 'masks changed');
    },
    failed: (err) => log.error({ err }, 'masks cannot be stored: they apply until the next start only'),
  });
  const zones = await openZonesKeeper(config.zones, {
    ...openSettingsFile(join(folder, 'zones.json')),
    changed(now) {
      changed('zones');
      log.info({ room, zones: now.map(({ name }) => name) }, 'zones changed');
    },
    failed: (err) => log.error({ err }, 'zones cannot be stored: they apply until the next start only'),
  });
  const occupants = await openOccupantsKeeper(config.recognition.occupied_by, {
    ...openSettingsFile(join(folder, 'occupied-by.json')),
    changed(now) {
      changed('occupants');
      log.info({ room, occupied_by: now }, 'occupants changed');
    },
    failed: (err) => log.error({ err }, 'occupants cannot be stored: they apply until the next start only'),
  });
  return {
    settings,
    masks,
    zones,
    occupants,
    recognition: () => recognitionRule(occupants.now(), masks.now(), zones.now()),
    motion: () => motionRule(settings.now(), masks.now()),
    onChange: (listener) => void listeners.push(listener),
  };
}
