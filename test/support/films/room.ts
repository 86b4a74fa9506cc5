import { createRandom, texture } from './randomness.js';
import type { Scene } from './film.js';

export type Size = { readonly width: number; readonly height: number };

/** An empty room with furniture: rectangles of various brightness and texture. */
export function drawRoom({ width, height }: Size, seed: number): Float32Array {
  const random = createRandom(seed);
  const grain = texture(random, width, height, Math.max(2, width / 40));
  const room = grain.map((g) => 120 + 10 * g);
  for (let i = 0; i < 25; i++) {
    const left = Math.floor(random() * width);
    const top = Math.floor(random() * height);
    const right = Math.min(width, left + Math.floor((0.05 + 0.2 * random()) * width));
    const bottom = Math.min(height, top + Math.floor((0.05 + 0.3 * random()) * height));
    const brightness = 40 + 160 * random();
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) room[y * width + x] = brightness + 12 * grain[y * width + x]!;
  }
  return room;
}

export type Pose = {
  /** centre and feet, as shares of width and height */
  readonly x: number;
  readonly y: number;
  /** as a share of the frame's height */
  readonly tall: number;
  /** seconds of walking; swings arms and legs */
  readonly stride?: number;
};

/** Draws a person in clothes: head, trunk, arms and legs of different brightness, with folds. */
export function drawPerson(into: Float32Array, { width, height }: Size, pose: Pose): void {
  const tall = pose.tall * height;
  const swing = pose.stride === undefined ? 0 : Math.sin(pose.stride * 2 * Math.PI);
  const limb = (cx: number, cy: number, rx: number, ry: number, brightness: number) => {
    const x0 = pose.x * width + cx * tall;
    const y0 = pose.y * height + cy * tall;
    for (let y = Math.max(0, Math.floor(y0 - ry * tall)); y <= Math.min(height - 1, y0 + ry * tall); y++)
      for (let x = Math.max(0, Math.floor(x0 - rx * tall)); x <= Math.min(width - 1, x0 + rx * tall); x++) {
        const u = (x - x0) / (rx * tall);
        const v = (y - y0) / (ry * tall);
        if (u * u + v * v > 1) continue;
        into[y * width + x] = brightness + 14 * Math.sin(9 * u + 5 * v) + 10 * v;
      }
  };
  limb(-0.05 + 0.07 * swing, -0.22, 0.05, 0.24, 45);
  limb(0.05 - 0.07 * swing, -0.22, 0.05, 0.24, 38);
  limb(0, -0.6, 0.12, 0.24, 75);
  limb(-0.12 - 0.05 * swing, -0.58, 0.04, 0.2, 85);
  limb(0.12 + 0.05 * swing, -0.58, 0.04, 0.2, 70);
  limb(0, -0.9, 0.06, 0.1, 175);
}

/** A person walks in from the left, from `from` for `seconds`, to `x` (share of the width). */
export function walkIn(from: number, seconds: number, x: number, tall = 0.6): (at: number) => Pose | undefined {
  return (at) =>
    at < from || at >= from + seconds
      ? undefined
      : { x: -0.15 + (x + 0.15) * ((at - from) / seconds), y: 0.97, tall, stride: at - from };
}

/** The room with the people who are in it, lit by `light` (a factor for each time and pixel). */
export function roomWithPeople(
  size: Size,
  room: Float32Array,
  people: readonly ((at: number) => Pose | undefined)[],
  light?: (at: number, pixel: number) => number,
): Scene {
  return (at, into) => {
    into.set(room);
    for (const person of people) {
      const pose = person(at);
      if (pose) drawPerson(into, size, pose);
    }
    if (light) for (let p = 0; p < into.length; p++) into[p] = into[p]! * light(at, p);
  };
}
