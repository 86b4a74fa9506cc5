import { expect, test } from 'vitest';
import { judgeEnding } from '../../../src/runtime/process/restart-rule.js';

const cases = [
  ['a detector whose clip ended is done', 0, 20, true, 0, 'over 0'],
  ['an uploader that somebody stopped comes back', 0, 20, false, 0, 'again 1'],
  ['wrong configuration stays wrong', 2, 1, false, 0, 'over 2'],
  ['wrong configuration after a restart, too', 2, 1, false, 3, 'over 2'],
  ['what never came up is not tried again', 1, 2, true, 0, 'over 1'],
  ['what came up and failed later is', 1, 11, true, 0, 'again 1'],
  ['what failed after a restart is', 1, 2, true, 1, 'again 2'],
  ['what was killed is', undefined, 2, true, 0, 'again 1'],
  ['pauses grow while it keeps failing', undefined, 59, false, 4, 'again 5'],
  ['and begin anew after a steady minute', undefined, 60, false, 4, 'again 1'],
] as const;

test.each(cases)('%s', (_, status, uptimeSeconds, finishes, attempts, expected) => {
  const verdict = judgeEnding({ status, uptimeSeconds, finishes }, attempts);
  expect(verdict.kind === 'over' ? `over ${verdict.status}` : `again ${verdict.attempt}`).toBe(expected);
});
