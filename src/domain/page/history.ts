import type { History, Mark, Moment, Timeline } from './payloads.js';
import { createMarkList } from './mark-list.js';
import { createTimelineRing } from './timeline-ring.js';

const fineStepSeconds = 0.25;
const fineSeconds = 300;
const coarseStepSeconds = 10;
const coarseSeconds = 7200;

/** The motion level of the last two hours: five minutes in steps of 0.25 s, the rest in steps of 10 s. Its memory never grows. */
export type MotionHistory = {
  record(moment: Pick<Moment, 'at' | 'level' | 'threshold' | 'state'>): void;
  addMark(mark: Mark): void;
  read(): History;
};

/** Allocates all its memory at once: about 40 kB. */
export function createMotionHistory(): MotionHistory {
  const fine = createTimelineRing(fineStepSeconds, fineSeconds / fineStepSeconds);
  const coarse = createTimelineRing(coarseStepSeconds, coarseSeconds / coarseStepSeconds);
  const marks = createMarkList();
  return {
    record(moment) {
      fine.record(moment);
      coarse.record(moment);
    },
    addMark: marks.add,
    read: () => ({ fine: rounded(fine.read()), coarse: rounded(coarse.read()), marks: marks.list() }),
  };
}

/** Rounds shares to five decimals: more would be noise, and three times the bytes. */
function rounded(timeline: Timeline): Timeline {
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  return { ...timeline, level: timeline.level.map(round), threshold: timeline.threshold.map(round) };
}
