import { expect, test } from 'vitest';
import type { DepositOutcome } from '../../../src/domain/uploads/archive.js';
import {
  type Attempt,
  newTask,
  initialArchiveState,
  nextArchiveState,
  nextStep,
  uploaderState,
} from '../../../src/domain/uploads/policy.js';

const stored: DepositOutcome = { kind: 'stored', path: '/a.jpg', contentHash: 'x' };
const later = (
  why: 'busy' | 'unreachable' | 'auth' | 'refused' | 'blocked' | 'no_space',
  waitSeconds?: number,
): DepositOutcome => {
  return { kind: 'later', why, code: why, message: 'm', ...(waitSeconds === undefined ? {} : { waitSeconds }) };
};
const failed = (code: Extract<Attempt, { kind: 'failed' }>['code'], host = false): Attempt => {
  return { kind: 'failed', code, message: 'm', host };
};
const once = { ...newTask, attempts: 1 };
const often = { ...newTask, attempts: 1000 };

const endings = [
  ['a stored picture is uploaded', once, stored, 0, 'uploaded'],
  ['a refused name is rejected', once, { kind: 'refused', code: 'disallowed_name', message: 'm' }, 0, 'rejected'],
  ['a snapshot that the detector no longer has is lost', once, { kind: 'gone', message: 'm' }, 0, 'lost'],
  ['a snapshot that another uploader has archived is dropped', once, { kind: 'archived' }, 0, 'dropped'],
  ['a URL that is refused is tried again, however late it is', often, failed('forbidden'), 1e9, 'again'],
  ['wrong bytes are downloaded again, however often', often, failed('wrong_bytes'), 0, 'again'],
  ['a broken transfer is tried again, however often', often, failed('broken_transfer'), 0, 'again'],
  ['an answer of a stranger is no end', often, failed('refused_download'), 0, 'again'],
  ['an unreachable detector is tried again, however late it is', often, failed('unreachable', true), 1e9, 'again'],
  ['trouble with the archive ends no snapshot, however late it is', once, later('no_space'), 1e9, 'again'],
] as const;
test.each(endings)('%s', (_, task, attempt, now, end) => {
  const step = nextStep(task, attempt, now, 0);
  expect(step.kind === 'ended' ? step.result : step.kind).toBe(end);
});

test.each([0, 1])('the pauses of a snapshot grow up to five minutes (random number %d)', (random) => {
  const notBefore = (attempts: number) => {
    const step = nextStep({ ...newTask, attempts }, failed('broken_transfer'), 1000, random);
    return step.kind === 'again' ? step.task.notBefore - 1000 : 0;
  };
  expect(notBefore(1)).toBeLessThanOrEqual(2);
  expect(notBefore(5)).toBeGreaterThan(20);
  expect(notBefore(50)).toBeLessThanOrEqual(300);
});

const archiveStates = [
  ['fine if all were stored', [stored, stored], 'fine', 0, 0],
  ['fine if one was stored', [later('unreachable'), stored], 'fine', 0, 0],
  ['but the requested pause is kept', [later('busy', 7), stored], 'backing_off', 7, 7],
  ['busy, without a requested pause', [later('busy')], 'backing_off', 0.75, 1],
  ['busy, with a requested pause: at least that, and a random part more', [later('busy', 40)], 'backing_off', 40, 50],
  ['a full account causes a long pause', [later('no_space')], 'no_space', 54, 60],
  ['the worst trouble counts', [later('unreachable'), later('auth')], 'auth_error', 54, 60],
  [
    'what concerns one picture only does not affect the archive',
    [{ ...later('refused'), onlyThis: true }],
    'fine',
    0,
    0,
  ],
  ['a blocked folder waits for a person', [later('blocked')], 'blocked', 4.5, 5],
  ['a refusal of the account waits for a person', [later('refused')], 'auth_error', 4.5, 5],
  ['refused pictures do not affect the archive', [{ kind: 'refused', code: 'c', message: 'm' }], 'fine', 0, 0],
] as const;
test.each(archiveStates)('%s', (_, outcomes, state, least, most) => {
  const [one, other] = [0, 1].map((random) => nextArchiveState(initialArchiveState, outcomes, 0, random));
  expect([one?.state, other?.state]).toEqual([state, state]);
  expect([one?.notBefore, other?.notBefore].toSorted((a, b) => a! - b!)).toEqual([least, most]);
});

test.each([0, 1])('the pauses of the archive grow up to half an hour (random number %d)', (random) => {
  let state = initialArchiveState;
  const pauses = Array.from({ length: 12 }, () => {
    state = nextArchiveState(state, [later('no_space')], 0, random);
    return state.notBefore;
  });
  expect(pauses[3]).toBeGreaterThan(pauses[0]! * 4);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1800);
  expect(nextArchiveState(state, [stored], 0, random)).toEqual(initialArchiveState);
});

test.each(['blocked', 'no_space'] as const)(
  '%s: a folder is tried again within its bound, however often it failed',
  (why) => {
    const outcome = { ...later(why), retrySeconds: 45 } as DepositOutcome;
    let state = initialArchiveState;
    for (let n = 0; n < 12; n += 1) state = nextArchiveState(state, [outcome], 0, 0);
    expect(state.notBefore).toBe(45);
    expect(nextStep({ attempts: 12, notBefore: 0 }, outcome, 0, 0)).toMatchObject({ task: { notBefore: 45 } });
  },
);

const publishedStates = [
  ['idle with an empty queue', 'fine', false, 0, 'idle'],
  ['uploading while busy', 'fine', true, 3, 'uploading'],
  ['waiting for a detector', 'fine', false, 3, 'backing_off'],
  ['waiting for the archive', 'backing_off', true, 3, 'backing_off'],
  ['waiting for a person to mend the folder', 'blocked', true, 3, 'backing_off'],
  ['a full account is published even with an empty queue', 'no_space', false, 0, 'no_space'],
] as const;
test.each(publishedStates)('%s', (_, state, busy, queued, published) => {
  expect(uploaderState({ ...initialArchiveState, state }, busy, queued)).toBe(published);
});
