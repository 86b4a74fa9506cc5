import type { ConfigurationEntry } from '../../domain/page/insight.js';
import type { DetectorRules } from '../live-rules.js';

/** The configuration in force: a value that was changed since, on the page or on MQTT, replaces the configured one. */
export function withChanges(
  configured: readonly ConfigurationEntry[],
  { settings, masks, zones, occupants }: Pick<DetectorRules, 'settings' | 'masks' | 'zones' | 'occupants'>,
): readonly ConfigurationEntry[] {
  const { delta_thresh, min_area, min_motion_frames, vacancy_seconds, min_upload_seconds } = settings.now();
  const inForce: Readonly<Record<string, ConfigurationEntry['value']>> = {
    'motion.delta_thresh': delta_thresh,
    'motion.min_area': min_area,
    'motion.min_motion_frames': min_motion_frames,
    'motion.masks': masks.now(),
    zones: zones.now(),
    'recognition.occupied_by': [...occupants.now()],
    'occupancy.vacancy_seconds': vacancy_seconds,
    'snapshots.min_upload_seconds': min_upload_seconds,
  };
  return configured.map((entry) => {
    const value = inForce[entry.key];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(entry.value)) return entry;
    return { key: entry.key, value, source: 'page', name: null };
  });
}
