import * as z from 'zod';
import type { MotionRule } from '../motion/motion-detector.js';
import type { LiveSettings } from '../contract/payloads.js';
import { liveSettings, settingsChange } from '../contract/payloads.js';
import type { RoomRule } from './state.js';

/** The part of the configuration that live settings begin with (docs/contract.md §6). */
export type ConfiguredSettings = {
  readonly motion: { readonly delta_thresh: number; readonly min_area: number; readonly min_motion_frames: number };
  readonly occupancy: { readonly vacancy_seconds: number };
  readonly snapshots: { readonly min_upload_seconds: number };
};

/** The settings as configured, armed; what was set while running (and kept) goes first. */
export function effectiveSettings(config: ConfiguredSettings, kept: Partial<LiveSettings>): LiveSettings {
  const { delta_thresh, min_area, min_motion_frames } = config.motion;
  const { vacancy_seconds } = config.occupancy;
  const { min_upload_seconds } = config.snapshots;
  return { armed: true, delta_thresh, min_area, min_motion_frames, vacancy_seconds, min_upload_seconds, ...kept };
}

/** What a message on `settings/set` asks for; `refused` says why nothing of it is done. */
export type RequestedChange =
  | { readonly kind: 'change'; readonly change: Partial<LiveSettings> }
  | { readonly kind: 'refused'; readonly why: string };

/** Reads a stranger's settings change: a JSON object, all of it right or nothing of it done (docs/contract.md §3.6). */
export function readSettingsChange(payload: string): RequestedChange {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return { kind: 'refused', why: 'not JSON' };
  }
  const parsed = settingsChange.safeParse(json);
  if (!parsed.success) return { kind: 'refused', why: z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ') };
  return { kind: 'change', change: withoutUndefined(parsed.data) };
}

/** Settings kept by an earlier run; one that no longer fits its range is left out. */
export function readKeptSettings(json: unknown): Partial<LiveSettings> {
  const entries: [string, unknown][] = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const fitting = entries.flatMap(([name, value]) => {
    const alone = liveSettings.partial().safeParse({ [name]: value });
    return alone.success ? [withoutUndefined(alone.data)] : [];
  });
  return Object.assign({}, ...fitting) as Partial<LiveSettings>;
}

/** The room's rule under these settings. */
export function roomRule(room: string, settings: LiveSettings, warmupSeconds: number): RoomRule {
  return {
    room,
    warmupSeconds,
    armed: settings.armed,
    framesToMove: settings.min_motion_frames,
    vacancySeconds: settings.vacancy_seconds,
    minSecondsBetweenSnapshots: settings.min_upload_seconds,
  };
}

/** The motion rule under these settings. */
export function motionRule(settings: LiveSettings, masks: MotionRule['masks']): MotionRule {
  return { deltaThresh: settings.delta_thresh, minArea: settings.min_area, masks };
}

/** The settings a change really names: zod's optional members may also be there as undefined. */
export function withoutUndefined(change: { [Name in keyof LiveSettings]?: LiveSettings[Name] | undefined }) {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<LiveSettings>;
}
