import type { Timeline } from './payloads.js';

/** A timeline with a step without a level at the beginning of each time without frames; its state is unknown. */
export type GappedTimeline = Pick<Timeline, 'step_seconds' | 'at' | 'state'> & {
  readonly level: (number | null)[];
  readonly threshold: (number | null)[];
};

/** A frame that comes a little late is no gap. */
const shortestGapSeconds = 2;

/** Marks the times without frames, from the beginning to the end of what is shown; both in seconds since the Unix epoch. */
export function withGaps(timeline: Timeline, from: number, until: number): GappedTimeline {
  const { step_seconds, at } = timeline;
  const longest = longestUsualStep(timeline);
  const made: GappedTimeline = { step_seconds, at: [], level: [], threshold: [], state: [] };
  const add = (time: number, level: number | null, threshold: number | null, state: number) => {
    made.at.push(time);
    made.level.push(level);
    made.threshold.push(threshold);
    made.state.push(state);
  };
  if ((at[0] ?? until) - from > longest) add(from, null, null, 0);
  at.forEach((time, n) => {
    add(time, timeline.level[n] ?? null, timeline.threshold[n] ?? null, timeline.state[n] ?? 0);
    // The last step may not be complete yet.
    const allowed = n === at.length - 1 ? longest + step_seconds : longest;
    if ((at[n + 1] ?? until) - time > allowed) add(time + step_seconds, null, null, 0);
  });
  return made;
}

/** With a slow camera, and in fine steps while nothing happens, most steps have no frame: a gap is much longer than that. */
function longestUsualStep({ step_seconds, at }: Timeline): number {
  const distances = at.slice(1).map((time, n) => time - (at[n] ?? time));
  const median = distances.sort((a, b) => a - b)[(distances.length - 1) >> 1] ?? 0;
  return Math.max(shortestGapSeconds, median > step_seconds ? 3 * median : 1.5 * step_seconds);
}
