import type { Gray, Judgement } from '../../../src/domain/motion/judgement.js';
import { createAdaptiveDetector } from '../../../src/domain/motion/adaptive-detector.js';
import { createRandom } from './randomness.js';

/** Draws the light that reaches the camera at a time, in grey levels before noise; values outside 0 to 255 are allowed. */
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

/** Draws the frames of the film in order; the pixels are valid until the next frame. */
export function* drawFrames(film: Film): Generator<{ at: number; gray: Gray }> {
  const random = createRandom(film.seed);
  const light = new Float32Array(film.width * film.height);
  const pixels = new Uint8Array(light.length);
  const noise = film.noise ?? 2.5;
  const grain = Float32Array.from({ length: 1 << 18 }, () => (random() + random() + random() - 1.5) * 2);
  for (let i = 0; i < film.seconds * film.fps; i++) {
    const at = i / film.fps;
    film.scene(at, light, random);
    // Each frame takes its noise from another place of one long row, because drawing new noise would cost more than judging.
    const start = Math.floor(random() * grain.length);
    for (let p = 0; p < pixels.length; p++)
      pixels[p] = Math.max(0, Math.min(255, Math.round(light[p]! + noise * grain[(start + p) & (grain.length - 1)]!)));
    yield { at, gray: { width: film.width, height: film.height, pixels } };
  }
}

/** A visit as the room would report it, in seconds of the film; `to` is Infinity if it lasts until the end. */
export type Stay = { readonly from: number; readonly to: number };
/** What the detector made of a film. */
export type FilmJudgements = {
  readonly stays: readonly Stay[];
  readonly lightEvents: number;
  readonly judgements: readonly Judgement[];
};

/** Judges a film: half a second of motion begins a stay, 20 s without motion or presence end it, the first 2.5 s do not count. */
export function judgeFilm(film: Film, rule = { deltaThresh: 5, minArea: 5000 }): FilmJudgements {
  const detector = createAdaptiveDetector(rule);
  const needed = Math.max(2, Math.round(Math.min(film.fps, 16) / 2));
  const stays: { from: number; to: number }[] = [];
  const judgements: Judgement[] = [];
  let streak = 0;
  let signAt = 0;
  let stay: { from: number; to: number } | undefined;
  for (const { at, gray } of drawFrames(film)) {
    const judgement = detector.judge(gray, at, stay !== undefined);
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
