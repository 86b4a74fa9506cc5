import * as z from 'zod';
import { parseJson } from '../contract/read-json.js';
import type { MotionRule } from '../motion/motion-detector.js';
import type { LiveSettings } from '../contract/payloads.js';
import { liveSettings, settingsChange } from '../contract/payloads.js';
import type { Zone } from '../zones/zone.js';
import type { MotionRequirement } from './motion-streak.js';
import type { RoomRule } from './state.js';

/** The part of the configuration from which live settings start (docs/contract.md §6). */
export type ConfiguredSettings = {
  readonly motion: { readonly delta_thresh: number; readonly min_area: number; readonly min_motion_frames: number };
  readonly occupancy: { readonly vacancy_seconds: number };
  readonly snapshots: { readonly min_upload_seconds: number };
};

/** The settings that apply: armed and as configured, overridden by those that were set while running. */
export function effectiveSettings(config: ConfiguredSettings, kept: Partial<LiveSettings>): LiveSettings {
  const { delta_thresh, min_area, min_motion_frames } = config.motion;
  const { vacancy_seconds } = config.occupancy;
  const { min_upload_seconds } = config.snapshots;
  return { armed: true, delta_thresh, min_area, min_motion_frames, vacancy_seconds, min_upload_seconds, ...kept };
}

/** A message on `settings/set`, read: the change it asks for, or why the whole of it is refused. */
export type RequestedChange =
  | { readonly kind: 'change'; readonly change: Partial<LiveSettings> }
  | { readonly kind: 'refused'; readonly why: string };

/** Reads a message on `settings/set`, a JSON object: one invalid member, and all of it is refused (docs/contract.md §3.6). */
export function readSettingsChange(payload: string): RequestedChange {
  const json = parseJson(payload);
  if (json === undefined) return { kind: 'refused', why: 'not JSON' };
  const parsed = settingsChange.safeParse(json);
  if (!parsed.success) return { kind: 'refused', why: z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ') };
  return { kind: 'change', change: withoutUndefined(parsed.data) };
}

/** Parses the settings that an earlier run stored; a setting that is out of range is left out. */
export function parseStoredSettings(json: unknown): Partial<LiveSettings> {
  const entries: [string, unknown][] = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const fitting = entries.flatMap(([name, value]) => {
    const alone = liveSettings.partial().safeParse({ [name]: value });
    return alone.success ? [withoutUndefined(alone.data)] : [];
  });
  return Object.assign({}, ...fitting) as Partial<LiveSettings>;
}

/** Frames a second in which `min_motion_frames` counts, where it is a time. */
const countedFps = 16;

/**
 * `min_motion_frames` as the detector reads it: `tutorial` counts frames; `adaptive` takes it for a time at 16 frames a second,
 * and at least two frames, so that a slower camera is no less sensitive.
 */
export function motionRequirement(detector: 'adaptive' | 'tutorial', minMotionFrames: number): MotionRequirement {
  if (detector === 'tutorial') return { framesToMove: minMotionFrames, secondsToMove: 0 };
  // From the first of so many frames to the last; a time that is the sum of frame periods is not always exact.
  const secondsToMove = Math.max(0, (minMotionFrames - 1) / countedFps - 1e-3);
  return { framesToMove: 2, secondsToMove };
}

/** The room rule that these settings give. */
export function roomRule(
  room: string,
  detector: 'adaptive' | 'tutorial',
  settings: LiveSettings,
  warmupSeconds: number,
  zones: readonly Zone[],
): RoomRule {
  return {
    room,
    warmupSeconds,
    armed: settings.armed,
    ...motionRequirement(detector, settings.min_motion_frames),
    vacancySeconds: settings.vacancy_seconds,
    minSecondsBetweenSnapshots: settings.min_upload_seconds,
    zones,
  };
}

/** The motion rule that these settings give. */
export function motionRule(settings: LiveSettings, masks: MotionRule['masks']): MotionRule {
  return { deltaThresh: settings.delta_thresh, minArea: settings.min_area, masks };
}

/** A change without its undefined members, which zod's optional members may be. */
export function withoutUndefined(change: { [Name in keyof LiveSettings]?: LiveSettings[Name] | undefined }) {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<LiveSettings>;
}
