import type { Scene } from './film.js';
import type { Pose, Size } from './room.js';
import { drawPerson } from './room.js';
import { createRandom, texture } from './randomness.js';

const STEPS = 4096;
const table = Float32Array.from({ length: STEPS }, (_, i) => Math.sin((i / STEPS) * 2 * Math.PI));
const sine = (angle: number) => table[Math.round((angle / (2 * Math.PI)) * STEPS) & (STEPS - 1)]!;

/** The lower `part` of the picture is water with glittering waves of many lengths; people walk in front of it. */
export function water(
  size: Size,
  back: Float32Array,
  part: number,
  people: readonly ((at: number) => Pose | undefined)[],
): Scene {
  const random = createRandom(11);
  const waves = Array.from({ length: 14 }, () => ({
    x: (random() - 0.5) * 0.5,
    y: 0.3 + random() * 0.9,
    speed: 2 + random() * 8,
    phase: random() * 6.3,
  }));
  const shore = Math.round(size.height * (1 - part));
  return (at, into) => {
    into.set(back);
    for (let y = shore; y < size.height; y++)
      for (let x = 0; x < size.width; x++) {
        let slope = 0;
        for (const wave of waves) slope += sine(wave.x * x + wave.y * y - wave.speed * at + wave.phase);
        slope /= Math.sqrt(waves.length / 2);
        into[y * size.width + x] = 110 + 18 * slope + 70 * Math.max(0, slope - 1.3);
      }
    for (const person of people) {
      const pose = person(at);
      if (pose) drawPerson(into, size, pose);
    }
  };
}

/** The right half of the picture is foliage; from `from` seconds on, it sways by up to `pixels`, each branch at its own rate. */
export function foliage(
  size: Size,
  back: Float32Array,
  pixels: number,
  people: readonly ((at: number) => Pose | undefined)[],
  from = 0,
): Scene {
  const { width, height } = size;
  const random = createRandom(12);
  const leaves = texture(random, width * 2, height, 3).map((g) => 100 + 70 * g);
  const branch = texture(random, width, height, 20).map((g) => 6 * g);
  return (at, into) => {
    into.set(back);
    const wind = at < from ? 0 : pixels * (0.6 + 0.4 * Math.sin(at / 9));
    for (let y = 0; y < height; y++)
      for (let x = Math.floor(width / 2); x < width; x++) {
        const sway =
          wind * (Math.sin(2.8 * at + branch[y * width + x]!) + 0.5 * Math.sin(7.1 * at + 3 * branch[y * width + x]!));
        const u = Math.max(0, x + sway);
        const k = y * width * 2 + Math.floor(u);
        into[y * width + x] = leaves[k]! * (1 - (u % 1)) + leaves[k + 1]! * (u % 1);
      }
    for (const person of people) {
      const pose = person(at);
      if (pose) drawPerson(into, size, pose);
    }
  };
}
