import type { Region } from '../motion/judgement.js';
import { iou } from './boxes.js';
import type { Detection } from './detection.js';
import { LABELS } from './labels.js';

/** What the model answers for one picture, a row an anchor. */
export type ModelOutput = {
  /** four numbers an anchor: centre y and x, height and width, relative to it */
  readonly boxes: Float32Array;
  /** a logit for each of `LABELS` an anchor */
  readonly classes: Float32Array;
};

/** Lower scores tell nothing. */
export const LEAST_SCORE = 0.1;
/** Boxes of one label that share more than this (intersection over union) show the same thing. */
const SAME = 0.5;
/** The scale of the model's numbers, as it was trained (SSD: 10 for centres, 5 for sizes). */
const CENTRE_SCALE = 10;
const SIZE_SCALE = 5;

/** A box in shares of the frame, decoded from an anchor's row; clipped to the crop that was looked at. */
function boxOf(boxes: Float32Array, anchors: Float32Array, row: number, crop: Region): Region {
  const [top, left, bottom, right] = [0, 1, 2, 3].map((k) => anchors[row * 4 + k]!) as [number, number, number, number];
  const [dy, dx, dh, dw] = [0, 1, 2, 3].map((k) => boxes[row * 4 + k]!) as [number, number, number, number];
  const tall = bottom - top;
  const wide = right - left;
  const middleY = (dy / CENTRE_SCALE) * tall + top + tall / 2;
  const middleX = (dx / CENTRE_SCALE) * wide + left + wide / 2;
  const height = Math.exp(dh / SIZE_SCALE) * tall;
  const width = Math.exp(dw / SIZE_SCALE) * wide;
  const within = (share: number) => Math.min(1, Math.max(0, share));
  const x = within(middleX - width / 2);
  const y = within(middleY - height / 2);
  return {
    x: crop.x + x * crop.width,
    y: crop.y + y * crop.height,
    width: (within(middleX + width / 2) - x) * crop.width,
    height: (within(middleY + height / 2) - y) * crop.height,
  };
}

/** The best of each group of overlapping boxes with the same label, the best first. */
export function suppressOverlaps(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const next of detections.toSorted((one, other) => other.score - one.score))
    if (!kept.some((better) => better.label === next.label && iou(better, next) > SAME)) kept.push(next);
  return kept;
}

/**
 * Boxes, labels and scores from the raw output of the model (SSD, Liu et al. 2016), for a crop of the frame.
 * @param anchors ymin, xmin, ymax, xmax of each, in shares of the picture
 */
export function decodeDetections({ boxes, classes }: ModelOutput, anchors: Float32Array, crop: Region): Detection[] {
  const leastLogit = Math.log(LEAST_SCORE / (1 - LEAST_SCORE));
  const count = LABELS.length;
  const found: Detection[] = [];
  for (let k = 0; k < classes.length; k++) {
    const logit = classes[k]!;
    if (logit < leastLogit) continue;
    const box = boxOf(boxes, anchors, Math.floor(k / count), crop);
    found.push({ ...box, label: LABELS[k % count]!, score: 1 / (1 + Math.exp(-logit)) });
  }
  return suppressOverlaps(found);
}
