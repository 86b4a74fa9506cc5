import { expect, test } from 'vitest';
import { freshSchedule, schedule } from '../../../src/domain/snapshots/schedule.js';

const rule = { framesToMove: 3, minSecondsApart: 2 };

/** The times at which a picture is due, for frames 0.5 s apart. */
function due(moving: string): number[] {
  let state = freshSchedule;
  return [...moving].flatMap((mark, n) => {
    const [next, taken] = schedule(state, mark === 'm', n / 2, rule);
    state = next;
    return taken ? [n / 2] : [];
  });
}

const cases = [
  ['nothing without motion', '......', []],
  ['nothing for two moving frames', '.mm.mm.', []],
  ['one at the third moving frame', '.mmm...', [1.5]],
  ['the next: counting begins two seconds after the last', 'mmmmmmmmmm', [1, 4]],
  ['a still frame begins the count again', 'mmm....mm.mmm', [1, 6]],
] as const;

test.each(cases)('%s', (_, frames, times) => expect(due(frames)).toEqual(times));
