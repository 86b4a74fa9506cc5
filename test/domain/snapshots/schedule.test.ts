import { expect, test } from 'vitest';
import { initialSchedule, schedule } from '../../../src/domain/snapshots/schedule.js';

const rule = { framesToMove: 3, secondsToMove: 0, minSecondsApart: 2 };

/** The times at which a picture is due, for frames 0.5 s apart. */
function due(moving: string): number[] {
  let state = initialSchedule;
  return [...moving].flatMap((mark, n) => {
    const [next, taken] = schedule(state, mark === 'm', n / 2, rule);
    state = next;
    return taken ? [n / 2] : [];
  });
}

const cases = [
  ['no snapshot without motion', '......', []],
  ['no snapshot for two moving frames', '.mm.mm.', []],
  ['a snapshot at the third moving frame', '.mmm...', [1.5]],
  ['for the next one, counting starts two seconds after the last', 'mmmmmmmmmm', [1, 4]],
  ['a frame without motion restarts the count', 'mmm....mm.mmm', [1, 6]],
] as const;

test.each(cases)('%s', (_, frames, times) => expect(due(frames)).toEqual(times));
