import type { Moment, Timeline } from './payloads.js';

type Sample = Pick<Moment, 'at' | 'level' | 'threshold' | 'state'>;

/** A ring buffer of the newest `length` steps of a timeline; it never allocates again. */
export type TimelineRing = { record(sample: Sample): void; read(): Timeline };

/**
 * Collects samples into steps of `stepSeconds`: a step has the highest level and state of its samples, and the newest threshold.
 * If the clock was set back, the timeline starts again.
 */
export function createTimelineRing(stepSeconds: number, length: number): TimelineRing {
  const at = new Float64Array(length);
  const level = new Float32Array(length);
  const threshold = new Float32Array(length);
  const state = new Uint8Array(length);
  let count = 0;
  let newest = -1;

  return {
    record(sample) {
      const slot = Math.floor(sample.at / stepSeconds) * stepSeconds;
      if (count > 0 && slot < (at[newest] ?? 0)) count = 0;
      if (count > 0 && slot === at[newest]) {
        level[newest] = Math.max(level[newest] ?? 0, sample.level);
        state[newest] = Math.max(state[newest] ?? 0, sample.state);
      } else {
        newest = (newest + 1) % length;
        count = Math.min(length, count + 1);
        at[newest] = slot;
        level[newest] = sample.level;
        state[newest] = sample.state;
      }
      threshold[newest] = sample.threshold;
    },
    read() {
      const order = Array.from({ length: count }, (_, step) => (newest - count + 1 + step + length) % length);
      const column = (values: ArrayLike<number>) => order.map((index) => values[index] ?? 0);
      return {
        step_seconds: stepSeconds,
        at: column(at),
        level: column(level),
        threshold: column(threshold),
        state: column(state),
      };
    },
  };
}
