import type { Region } from '../motion/judgement.js';
import type { Label } from './labels.js';

/** Something recognised in a picture: its box in shares of the frame, and how sure the model is (0 to 1). */
export type Detection = Region & { readonly label: Label; readonly score: number };

/** What a look found. `at` is the time of the frame that was looked at, in seconds. */
export type Look = {
  readonly at: number;
  /** the part of the frame that was looked at */
  readonly crop: Region;
  readonly detections: readonly Detection[];
};
