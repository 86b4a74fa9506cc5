import type { Region } from '../motion/judgement.js';

/** The whole frame. */
export const WHOLE: Region = { x: 0, y: 0, width: 1, height: 1 };

/** In shares of the frame, 0 to 1. */
export function areaOf({ width, height }: Region): number {
  return width * height;
}

/** The area that two boxes have in common. */
export function intersection(one: Region, other: Region): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0 to 1. */
export function iou(one: Region, other: Region): number {
  const common = intersection(one, other);
  return common === 0 ? 0 : common / (areaOf(one) + areaOf(other) - common);
}

/** The part of `inner` that lies within `outer`, 0 to 1. */
export function shareWithin(inner: Region, outer: Region): number {
  const area = areaOf(inner);
  return area === 0 ? 0 : intersection(inner, outer) / area;
}

/** The part of the smaller box that both have in common, 0 to 1. */
export function overlap(one: Region, other: Region): number {
  const smaller = Math.min(areaOf(one), areaOf(other));
  return smaller === 0 ? 0 : intersection(one, other) / smaller;
}

/** The smallest box around both. */
export function union(one: Region, other: Region): Region {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}
