import type { Region } from '../../domain/motion/judgement.js';
import { describeRecognised } from '../../domain/recognition/describe-regions.js';
import { openCv, type Mat } from './binding.js';
import { drawLabels } from './box-labels.js';
import type { Picture } from './picture.js';

/** What is drawn into a picture. */
export type Annotation = {
  readonly regions: readonly Region[];
  readonly occupied: boolean;
  /** Written at the bottom left as it is, e.g. `Sunday 22 November 2026 10:15:30AM`. */
  readonly time: string;
};

/** The tutorial drew on frames of this width; text and lines grow with the frame. */
const tutorialWidth = 500;

/**
 * A copy of the picture (8UC3) with the tutorial's drawings: a green rectangle around each region, the room's status in red
 * at the top left, the time at the bottom left. What was recognised is named at its rectangle and after the status; the
 * tutorial's detector recognises nothing, so its pictures look as they always did. The caller releases the copy.
 */
export function annotate(picture: Picture, { regions, occupied, time }: Annotation): Mat {
  const cv = openCv();
  const image = picture.bgr().copy();
  const scale = Math.max(0.5, image.cols / tutorialWidth);
  const stroke = Math.max(1, Math.round(scale));
  const red = new cv.Vec3(0, 0, 255);
  const green = new cv.Vec3(0, 255, 0);
  for (const { x, y, width, height } of regions) {
    const left = Math.round(x * image.cols);
    const top = Math.round(y * image.rows);
    const corner = new cv.Point2(Math.round((x + width) * image.cols) - 1, Math.round((y + height) * image.rows) - 1);
    image.drawRectangle(new cv.Point2(left, top), corner, green, 2 * stroke);
  }
  const status = new cv.Point2(Math.round(10 * scale), Math.round(20 * scale));
  const foot = new cv.Point2(Math.round(10 * scale), image.rows - Math.round(10 * scale));
  const recognised = describeRecognised(regions);
  const details = recognised === undefined ? '' : ` (${recognised})`;
  const text = `Room Status: ${occupied ? 'Occupied' : 'Unoccupied'}${details}`;
  drawLabels(image, regions, 0.4 * scale, Math.round(27 * scale));
  image.putText(text, status, cv.FONT_HERSHEY_SIMPLEX, 0.5 * scale, red, 2 * stroke, cv.LINE_AA);
  image.putText(time, foot, cv.FONT_HERSHEY_SIMPLEX, 0.35 * scale, red, stroke, cv.LINE_AA);
  return image;
}
