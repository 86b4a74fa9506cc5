/** The least and the greatest value of each live setting (docs/contract.md §3.6). */
export const settingRanges = {
  delta_thresh: { min: 1, max: 255, whole: true },
  min_area: { min: 1, max: 250_000, whole: true },
  min_motion_frames: { min: 1, max: 1000, whole: true },
  vacancy_seconds: { min: 1, max: 86_400, whole: false },
  min_upload_seconds: { min: 0, max: 86_400, whole: false },
} as const;

/** Whether a value may be applied. */
export function isInRange(name: keyof typeof settingRanges, value: number): boolean {
  const { min, max, whole } = settingRanges[name];
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}
