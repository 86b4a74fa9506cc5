import { expect, test } from 'vitest';
import { judgeEnding } from '../../../src/runtime/process/restart-rule.js';

const cases = [
  ['does not restart a detector whose clip has ended', 0, 20, true, 0, 'over 0'],
  ['restarts an uploader that another program stopped', 0, 20, false, 0, 'again 1'],
  ['does not restart after a wrong configuration', 2, 1, false, 0, 'over 2'],
  ['nor after one found at a restart', 2, 1, false, 3, 'over 2'],
  ['does not restart a child that fails at once', 1, 2, true, 0, 'over 1'],
  ['restarts a child that failed later', 1, 11, true, 0, 'again 1'],
  ['restarts a child that failed after a restart', 1, 2, true, 1, 'again 2'],
  ['restarts a child that was killed', undefined, 2, true, 0, 'again 1'],
  ['counts restarts in a row', undefined, 59, false, 4, 'again 5'],
  ['counts from one again after a minute without failure', undefined, 60, false, 4, 'again 1'],
] as const;

test('restarts a child that fails at once if others go on without it', () => {
  const ending = { status: 1, uptimeSeconds: 2, finishes: true, keepsTrying: true };
  expect(judgeEnding(ending, 0)).toEqual({ kind: 'again', attempt: 1 });
});

test.each(cases)('%s', (_, status, uptimeSeconds, finishes, attempts, expected) => {
  const verdict = judgeEnding({ status, uptimeSeconds, finishes }, attempts);
  expect(verdict.kind === 'over' ? `over ${verdict.status}` : `again ${verdict.attempt}`).toBe(expected);
});
