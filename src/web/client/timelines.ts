import { signal } from '@preact/signals';
import type { History, Mark, Moment, Timeline } from '../../domain/page/payloads.js';

const empty: History = {
  fine: { step_seconds: 0.25, at: [], level: [], threshold: [], state: [] },
  coarse: { step_seconds: 10, at: [], level: [], threshold: [], state: [] },
  marks: [],
};
const mostSteps = { fine: 1200, coarse: 720 } as const;
const mostMarks = 500;

let history = empty;
/** Counts the changes, for what draws them. */
const version = signal(0);

function extend(timeline: Timeline, moment: Moment, most: number) {
  const at = Math.floor(moment.at / timeline.step_seconds) * timeline.step_seconds;
  const last = timeline.at.length - 1;
  if (timeline.at[last] === at) {
    timeline.level[last] = Math.max(timeline.level[last] ?? 0, moment.level);
    timeline.state[last] = Math.max(timeline.state[last] ?? 0, moment.state);
    timeline.threshold[last] = moment.threshold;
    return;
  }
  const columns = [
    [timeline.at, at],
    [timeline.level, moment.level],
    [timeline.threshold, moment.threshold],
    [timeline.state, moment.state],
  ] as const;
  for (const [column, value] of columns) {
    column.push(value);
    if (column.length > most) column.shift();
  }
}

/** The last five minutes and two hours, begun with what the detector kept and carried on with what it says. */
export const timelines = {
  version,
  read: (): History => history,
  begin(kept: History) {
    history = kept;
    version.value += 1;
  },
  add(moment: Moment) {
    extend(history.fine, moment, mostSteps.fine);
    extend(history.coarse, moment, mostSteps.coarse);
    version.value += 1;
  },
  mark(mark: Mark) {
    history.marks.push(mark);
    if (history.marks.length > mostMarks) history.marks.shift();
    version.value += 1;
  },
};
