import { expect, test } from 'vitest';
import { bgrPicture, i420Picture } from '../../../src/adapters/opencv/picture.js';
import { shrinkToGray } from '../../../src/adapters/opencv/shrink.js';
import { turnedPicture } from '../../../src/adapters/opencv/turned-picture.js';
import { flatImage, pixel } from '../../support/mat.js';

/** Bright marks at three corners, of which no turn makes the same picture. */
function marked(width: number, height: number) {
  const stride = width + 10;
  const bytes = Buffer.alloc((stride * height * 3) / 2, 128).fill(40, 0, stride * height);
  const mark = (left: number, top: number, value: number) => {
    for (let y = top; y < top + 40; y++) bytes.fill(value, y * stride + left, y * stride + left + 40);
  };
  mark(0, 0, 220);
  mark(width - 40, 0, 160);
  mark(0, height - 40, 100);
  return i420Picture(bytes, width, height, stride);
}

const sizes = [
  [640, 480],
  [646, 482],
  [482, 646],
] as const;
const cases = sizes.flatMap(([width, height]) => [1, 2, 3].map((turns) => [width, height, turns] as const));

test.each(cases)('%d x %d by %d quarter turns: the luma plane gives what the colours give', (width, height, turns) => {
  const picture = turnedPicture(marked(width, height), turns);
  expect([picture.width, picture.height]).toEqual(turns === 2 ? [width, height] : [height, width]);
  expect([picture.bgr().cols, picture.bgr().rows]).toEqual([picture.width, picture.height]);
  const ofLuma = shrinkToGray(picture);
  const ofColour = shrinkToGray(bgrPicture(picture.bgr().copy()));
  expect([ofLuma.gray.width, ofLuma.gray.height]).toEqual([ofColour.gray.width, ofColour.gray.height]);
  const apart = ofLuma.gray.pixels.map((value, n) => Math.abs(value - ofColour.gray.pixels[n]!));
  expect(Math.max(...apart)).toBeLessThan(8);
  picture.release();
});

test('turns are clockwise, add up, and are released with the picture', () => {
  const corner = (turns: number, again = 0) => {
    const picture = turnedPicture(turnedPicture(marked(640, 480), turns), again);
    const { width, height } = picture;
    const corners = [[5, 5], [width - 5, 5], [width - 5, height - 5], [5, height - 5]] as const; // prettier-ignore
    const bright = corners.map(([x, y]) => pixel(picture.bgr(), x, y)[1]!);
    const turned = picture.bgr();
    picture.release();
    expect(turned.rows).toBe(0);
    return bright.indexOf(Math.max(...bright));
  };
  expect([corner(0), corner(1), corner(2), corner(3), corner(1, 1), corner(3, 2)]).toEqual([0, 1, 2, 3, 2, 1]);
});

test('no turn is the picture itself', () => {
  const picture = bgrPicture(flatImage(8, 6, [1, 2, 3]));
  expect(turnedPicture(picture, 0)).toBe(picture);
  picture.release();
});
