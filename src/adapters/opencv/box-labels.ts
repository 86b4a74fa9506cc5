import type { Region } from '../../domain/motion/judgement.js';
import { describeRegion } from '../../domain/recognition/describe-regions.js';
import { openCv, type Mat } from './binding.js';

/** The width of a letter and the height of a line of the font, at scale 1, in pixels. */
const letter = { width: 18, height: 22 };

/**
 * Writes the label and score of each recognised region in green on black, above its box, or inside it where there is no space
 * above. A region that was not recognised gets no text.
 * @param scale of the font; at 1 a capital letter is 22 px high
 * @param from the first row that may be written on; what is above has another text
 */
export function drawLabels(image: Mat, regions: readonly Region[], scale: number, from = 0): void {
  const cv = openCv();
  const height = Math.ceil(letter.height * scale) + 4;
  const thickness = Math.max(1, Math.round(scale * 1.5));
  for (const region of regions) {
    const text = describeRegion(region);
    if (text === undefined) continue;
    const width = Math.ceil(text.length * letter.width * scale) + 4;
    const left = Math.max(0, Math.min(Math.round(region.x * image.cols), image.cols - width));
    const top = Math.round(region.y * image.rows);
    const bottom = top - height >= from ? top : Math.min(Math.max(from, top) + height, image.rows);
    const corner = new cv.Point2(left, bottom - height);
    image.drawRectangle(corner, new cv.Point2(left + width, bottom), new cv.Vec3(0, 0, 0), -1);
    const foot = new cv.Point2(left + 2, bottom - Math.ceil(4 * scale) - 1);
    image.putText(text, foot, cv.FONT_HERSHEY_SIMPLEX, scale, new cv.Vec3(0, 255, 0), thickness, cv.LINE_AA);
  }
}
