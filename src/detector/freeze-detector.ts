import type { Picture } from '../adapters/opencv/picture.js';
import { createFreezeWatcher } from '../domain/camera/frozen-picture.js';

/** Says of each picture of one camera whether it is frozen; a picture without a luma plane never is. */
export function createFreezeDetector(): (picture: Picture, at: number) => boolean {
  const isFrozen = createFreezeWatcher();
  return (picture, at) => {
    const luma = picture.luma();
    if (luma === undefined) return false;
    const [width, height] = luma.turns % 2 === 1 ? [picture.height, picture.width] : [picture.width, picture.height];
    return isFrozen({ bytes: luma.bytes, stride: luma.stride, width, height }, at);
  };
}
