import { signal } from '@preact/signals';
import { createMarkList } from '../../../domain/page/mark-list.js';
import type { History, Mark, Moment, Timeline } from '../../../domain/page/payloads.js';

const empty: History = {
  fine: { step_seconds: 0.25, at: [], level: [], threshold: [], state: [] },
  coarse: { step_seconds: 10, at: [], level: [], threshold: [], state: [] },
  marks: [],
};
const maxSteps = { fine: 1200, coarse: 720 } as const;

let history = empty;
let marks = createMarkList();
/** Changes with each update, so that charts are drawn again. */
const version = signal(0);

function extend(timeline: Timeline, moment: Moment, maxLength: number) {
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
    if (column.length > maxLength) column.shift();
  }
}

/** The last five minutes and two hours: the detector's history at the start, then extended with each moment it sends. */
export const timelines = {
  version,
  read: (): History => history,
  begin(loaded: History) {
    history = loaded;
    marks = createMarkList(loaded.marks);
    version.value += 1;
  },
  add(moment: Moment) {
    extend(history.fine, moment, maxSteps.fine);
    extend(history.coarse, moment, maxSteps.coarse);
    version.value += 1;
  },
  mark(mark: Mark) {
    marks.add(mark);
    history = { ...history, marks: marks.list() };
    version.value += 1;
  },
};
