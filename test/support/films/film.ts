import type { Gray, Judgement } from '../../../src/domain/motion/judgement.js';
import { createAdaptiveDetector } from '../../../src/domain/motion/adaptive-detector.js';
import { createRandomness } from './randomness.js';

/** Light that reaches the camera at a moment, in grey levels before noise; may go beyond 0 to 255. */
export type Scene = (seconds: number, into: Float32Array, random: () => number) => void;

export type Film = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  readonly seed: number;
  readonly scene: Scene;
  /** grey levels, default 2.5 */
  readonly noise?: number;
};

/** Draws the film's frames one after the other; the pixels are only valid until the next one. */
export function* frames(film: Film): Generator<{ at: number; gray: Gray }> {
  const random = createRandomness(film.seed);
  const light = new Float32Array(film.width * film.height);
  const pixels = new Uint8Array(light.length);
  const noise = film.noise ?? 2.5;
  const grain = Float32Array.from({ length: 1 << 18 }, () => (random() + random() + random() - 1.5) * 2);
  for (let i = 0; i < film.seconds * film.fps; i++) {
    const at = i / film.fps;
    film.scene(at, light, random);
    // A new stretch of one long row of noise for each frame: drawing it afresh would cost more than judging it.
    const start = Math.floor(random() * grain.length);
    for (let p = 0; p < pixels.length; p++)
      pixels[p] = Math.max(0, Math.min(255, Math.round(light[p]! + noise * grain[(start + p) & (grain.length - 1)]!)));
    yield { at, gray: { width: film.width, height: film.height, pixels } };
  }
}

/** A stay as the room would report it, in seconds of the film; `to` is Infinity where it lasts until the end. */
export type Stay = { readonly from: number; readonly to: number };
export type Seen = {
  readonly stays: readonly Stay[];
  readonly lightEvents: number;
  readonly judgements: readonly Judgement[];
};

/** Half a second of motion occupies, 20 s without a sign vacate; nothing is reported in the first 2.5 s. */
export function watch(film: Film, rule = { deltaThresh: 5, minArea: 5000 }): Seen {
  const judge = createAdaptiveDetector(rule);
  const needed = Math.max(1, Math.round(Math.min(film.fps, 16) / 2));
  const stays: { from: number; to: number }[] = [];
  const judgements: Judgement[] = [];
  let streak = 0;
  let signAt = 0;
  let stay: { from: number; to: number } | undefined;
  for (const { at, gray } of frames(film)) {
    const judgement = judge.judge(gray, at, stay !== undefined);
    judgements.push(judgement);
    if (stay) {
      if (judgement.moving || judgement.present) signAt = at;
      if (at - signAt < 20) continue;
      stay.to = at;
      stay = undefined;
      streak = 0;
    } else {
      streak = judgement.ready && judgement.moving && at >= 2.5 ? streak + 1 : 0;
      if (streak < needed) continue;
      stays.push((stay = { from: at, to: Infinity }));
      signAt = at;
    }
  }
  return {
    stays,
    judgements,
    lightEvents: judgements.filter(({ suppressed }) => suppressed === 'light_change').length,
  };
}
