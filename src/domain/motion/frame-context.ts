import type { LightChange } from './light-change.js';

/** When a frame was taken and what was going on: this decides how fast each model learns from it. */
export type FrameContext = {
  /** seconds */
  readonly at: number;
  /** seconds since the first frame of the scene */
  readonly age: number;
  /** seconds since the frame analysed before, at most 1 */
  readonly seconds: number;
  readonly occupied: boolean;
  /** The light changes with this frame. */
  readonly lightChanging: boolean;
  /** The light changed within the last seconds. */
  readonly lightSettling: boolean;
  /** Lower limit for the learning rate of an empty scene, in 1/s: high at the start, then lower and lower. */
  readonly minLearningRate: number;
};

/**
 * The background is first learned as in an empty room, even if somebody has been recognised by then: otherwise whoever is
 * there is learned so slowly that their later movement goes unseen.
 */
const FIRST_LEARNED_SECONDS = 2.5;

/** The context of the frame at `at`; `startAt` is the first frame of the scene, `lastAt` the one analysed before. */
export function frameContextOf(
  at: number,
  startAt: number,
  lastAt: number,
  occupied: boolean,
  light: LightChange,
): FrameContext {
  const age = at - startAt;
  const seconds = Math.min(1, at - lastAt);
  // As in stochastic approximation: large steps first, then smaller ones, so that the first pictures soon weigh little.
  const minLearningRate = Math.min(1 / seconds, (6.5 / age) * Math.min(1, 10 / age));
  return {
    at,
    age,
    seconds,
    occupied: occupied && age > FIRST_LEARNED_SECONDS,
    lightChanging: light.changing,
    lightSettling: light.settling,
    minLearningRate,
  };
}
