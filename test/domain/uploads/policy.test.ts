import { expect, test } from 'vitest';
import type { DepositOutcome } from '../../../src/domain/uploads/archive.js';
import {
  type Attempt,
  freshTask,
  goodStanding,
  nextStanding,
  nextStep,
  uploaderState,
} from '../../../src/domain/uploads/policy.js';

const stored: DepositOutcome = { kind: 'stored', path: '/a.jpg', contentHash: 'x' };
const later = (why: 'busy' | 'unreachable' | 'auth' | 'no_space', waitSeconds?: number): DepositOutcome => {
  return { kind: 'later', why, code: why, message: 'm', ...(waitSeconds === undefined ? {} : { waitSeconds }) };
};
const away: Attempt = { kind: 'unreachable', message: 'm', host: true };
const once = { ...freshTask, attempts: 1 };

const endings = [
  ['stored is uploaded', once, stored, 0, 'uploaded'],
  ['a refused name is rejected', once, { kind: 'refused', code: 'disallowed_name', message: 'm' }, 0, 'rejected'],
  ['what the detector knows no more is lost', once, { kind: 'gone', message: 'm' }, 0, 'lost'],
  ['a URL it refuses in its time is rejected', once, { kind: 'forbidden', message: 'm' }, 0, 'rejected'],
  ['a URL that is too old is lost', once, { kind: 'forbidden', message: 'm' }, 101, 'lost'],
  ['wrong bytes are tried again', once, { kind: 'corrupt', message: 'm' }, 0, 'again'],
  ['wrong bytes twice are rejected', { ...once, corrupt: 1 }, { kind: 'corrupt', message: 'm' }, 0, 'rejected'],
  ['a detector that is away is waited for', once, away, 100, 'again'],
  ['until the URL is too old', once, away, 101, 'lost'],
  ['trouble of the archive ends nothing, however late', once, later('no_space'), 1e9, 'again'],
] as const;
test.each(endings)('%s', (_, task, attempt, now, end) => {
  const step = nextStep(task, attempt, now, 100);
  expect(step.kind === 'ended' ? step.result : step.kind).toBe(end);
});

test('pauses of one snapshot grow, up to five minutes', () => {
  const notBefore = (attempts: number) => {
    const step = nextStep({ ...freshTask, attempts }, { kind: 'unreachable', message: 'm', host: false }, 1000, 2000);
    return step.kind === 'again' ? step.task.notBefore - 1000 : 0;
  };
  expect(notBefore(1)).toBeLessThanOrEqual(2);
  expect(notBefore(5)).toBeGreaterThan(20);
  expect(notBefore(50)).toBeLessThanOrEqual(300);
});

const standings = [
  ['all stored', [stored, stored], 'fine', 0, 0],
  ['one stored shows that the archive is well', [later('unreachable'), stored], 'fine', 0, 0],
  ['but what it asks for is kept', [later('busy', 7), stored], 'backing_off', 7, 7],
  ['busy without a time', [later('busy')], 'backing_off', 0.75, 1],
  ['busy with a time: never less, some more by chance', [later('busy', 40)], 'backing_off', 40, 50],
  ['a full account waits long', [later('no_space')], 'no_space', 54, 60],
  ['the worst is what counts', [later('unreachable'), later('auth')], 'auth_error', 54, 60],
  ['refusals say nothing about the archive', [{ kind: 'refused', code: 'c', message: 'm' }], 'fine', 0, 0],
] as const;
test.each(standings)('%s', (_, outcomes, state, least, most) => {
  const next = nextStanding(goodStanding, outcomes, 0);
  expect(next.state).toBe(state);
  expect(next.notBefore).toBeGreaterThanOrEqual(least);
  expect(next.notBefore).toBeLessThanOrEqual(most);
});

test('the archive is left alone for longer and longer, half an hour at most', () => {
  let standing = goodStanding;
  const pauses = Array.from({ length: 12 }, () => {
    standing = nextStanding(standing, [later('no_space')], 0);
    return standing.notBefore;
  });
  expect(pauses[3]).toBeGreaterThan(pauses[0]! * 4);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1800);
  expect(nextStanding(standing, [stored], 0)).toEqual(goodStanding);
});

const states = [
  ['nothing to do', 'fine', false, 0, 'idle'],
  ['at work', 'fine', true, 3, 'uploading'],
  ['waiting for a detector', 'fine', false, 3, 'backing_off'],
  ['waiting for the archive', 'backing_off', true, 3, 'backing_off'],
  ['a full account is told even with nothing queued', 'no_space', false, 0, 'no_space'],
] as const;
test.each(states)('%s', (_, state, busy, queued, said) => {
  expect(uploaderState({ ...goodStanding, state }, busy, queued)).toBe(said);
});
