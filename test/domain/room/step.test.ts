import { expect, test } from 'vitest';
import { calm } from '../../../src/domain/motion/judgement.js';
import { motionEvent, roomStatus } from '../../../src/domain/contract/payloads.js';
import { step, initialRoom } from '../../../src/domain/room/step.js';
import type { Effect, RoomInput, RoomRule } from '../../../src/domain/room/state.js';

const rule: RoomRule = {
  room: 'kitchen',
  armed: true,
  warmupSeconds: 2,
  framesToMove: 3,
  secondsToMove: 0,
  vacancySeconds: 10,
  minSecondsBetweenSnapshots: 5,
  zones: [],
};
const begin = 1_800_000_000;

/** Ids that can be told apart and are UUIDv7 in form. */
function countingIds() {
  let n = 0;
  return () => `01900000-0000-7000-8000-${String(++n).padStart(12, '0')}`;
}

/**
 * Plays a film of one letter each half second: `m` moving, `p` a sign of presence, `.` calm, `?` a calm frame for which a
 * snapshot was requested, `o` camera opened, `x` camera lost, `d`/`a` disarmed/armed. Returns the effects by second.
 */
function play(film: string, settings: Partial<RoomRule> = {}) {
  const newId = countingIds();
  let current = { ...rule, ...settings };
  let room = initialRoom(begin, current);
  const effects: Effect[] = [];
  const notebook: string[] = [];
  [...film].forEach((mark, n) => {
    const at = begin + n / 2;
    if (mark === 'd' || mark === 'a') current = { ...current, armed: mark === 'a' };
    const input: RoomInput =
      mark === 'o'
        ? { kind: 'opened', at }
        : mark === 'x'
          ? { kind: 'lost', at }
          : mark === 'd' || mark === 'a'
            ? { kind: 'rule_changed', at }
            : {
                kind: 'frame',
                at,
                judgement: { ...calm, moving: mark === 'm', present: mark === 'p', changed: mark === 'm' ? 0.1 : 0 },
              };
    if (mark === '?') [room] = step(room, { kind: 'snapshot_requested' }, current, newId);
    const [next, caused] = step(room, input, current, newId);
    room = next;
    effects.push(...caused);
    notebook.push(...caused.map((effect) => `${n / 2} ${brief(effect)}`));
  });
  return { room, effects, notebook };
}

function brief(effect: Effect): string {
  switch (effect.kind) {
    case 'room_status':
      return `${effect.status.status} (${effect.status.reason})`;
    case 'motion':
      return effect.event.event_type === 'motion_started'
        ? 'motion_started'
        : `motion_ended after ${effect.event.duration_seconds} s with ${effect.event.snapshots}`;
    case 'snapshot':
      return `snapshot (${effect.order.reason})`;
    default:
      return effect.kind;
  }
}

const films = [
  ['nothing counts while warming up', 'ommm', []],
  ['a calm room is unoccupied once warm', 'o....', ['2 unoccupied (quiet)']],
  [
    'a person who is there from the start is found when they move on',
    'ommmmmmm',
    ['2 unoccupied (quiet)', '3.5 motion_started', '3.5 occupied (motion)', '3.5 snapshot (motion)'],
  ],
  ['two moving frames are not yet motion', 'o....mm.mm', ['2 unoccupied (quiet)']],
  [
    'a visit, from motion to presence to vacancy',
    'o....mmm......................',
    [
      '2 unoccupied (quiet)',
      '3.5 motion_started',
      '3.5 occupied (motion)',
      '3.5 snapshot (motion)',
      '5.5 motion_ended after 0 s with 1',
      '5.5 occupied (presence)',
      '13.5 unoccupied (quiet)',
    ],
  ],
  [
    'a sign of presence keeps the room occupied',
    'o....mmm..............p..................',
    [
      '2 unoccupied (quiet)',
      '3.5 motion_started',
      '3.5 occupied (motion)',
      '3.5 snapshot (motion)',
      '5.5 motion_ended after 0 s with 1',
      '5.5 occupied (presence)',
    ],
  ],
  [
    'a pause in the motion does not end it',
    'o....mmm...m..m',
    ['2 unoccupied (quiet)', '3.5 motion_started', '3.5 occupied (motion)', '3.5 snapshot (motion)'],
  ],
  ['presence alone never occupies a room', 'o....pppppp', ['2 unoccupied (quiet)']],
  [
    'a lost camera ends the motion and makes the room unknown',
    'o....mmmmx',
    [
      '2 unoccupied (quiet)',
      '3.5 motion_started',
      '3.5 occupied (motion)',
      '3.5 snapshot (motion)',
      '4.5 motion_ended after 0.5 s with 1',
      '4.5 unknown (camera_lost)',
    ],
  ],
  [
    'a camera that comes back warms up again',
    'xommmmm',
    ['0 unknown (camera_lost)', '0.5 unknown (warming_up)', '2.5 unoccupied (quiet)'],
  ],
  [
    'disarmed, nothing is judged; armed, it warms up',
    'o....dmmmmamm..',
    ['2 unoccupied (quiet)', '2.5 unknown (disarmed)', '5 unknown (warming_up)', '7 unoccupied (quiet)'],
  ],
  [
    'a snapshot can be requested at any time; requests that come too early are merged into one that waits',
    'o?...d??......',
    ['0.5 snapshot (command)', '2 unoccupied (quiet)', '2.5 unknown (disarmed)', '5.5 snapshot (command)'],
  ],
  [
    'a long motion causes a snapshot every minimum interval',
    'o....mmmmmmmmmmmmmmmmmmm',
    [
      '2 unoccupied (quiet)',
      '3.5 motion_started',
      '3.5 occupied (motion)',
      '3.5 snapshot (motion)',
      '9.5 snapshot (motion)',
    ],
  ],
] as const;

test.each(films)('%s', (_, film, expected) => expect(play(film).notebook).toEqual(expected));

test('a room that is disarmed from the start is published as disarmed', () => {
  expect(initialRoom(begin, { armed: false }).published).toMatchObject({ status: 'unknown', reason: 'disarmed' });
  expect(play('o....mmm', { armed: false }).notebook).toEqual([]);
});

test('with a vacancy time shorter than the motion hold, the motion ends with the visit', () => {
  const { notebook } = play('o....mmm......', { vacancySeconds: 1 });
  expect(notebook.slice(-2)).toEqual(['4.5 motion_ended after 0 s with 1', '4.5 unoccupied (quiet)']);
});

test('since stays as long as the status, and every payload fits the contract', () => {
  const { effects } = play('o....mmm......................');
  const statuses = effects.flatMap((effect) => (effect.kind === 'room_status' ? [effect.status] : []));
  expect(statuses.map((status) => roomStatus.parse(status).since)).toEqual([
    '2027-01-15T08:00:02.000Z',
    '2027-01-15T08:00:03.500Z',
    '2027-01-15T08:00:03.500Z',
    '2027-01-15T08:00:13.500Z',
  ]);
  const visits = new Set(statuses.map((status) => status.visit));
  expect(visits.size).toBe(2);
  for (const effect of effects) if (effect.kind === 'motion') motionEvent.parse(effect.event);
});

const jumps = [
  ['back', -3600],
  ['forward', 3600],
] as const;

test.each(jumps)('a clock set an hour %s neither vacates nor holds the room', (_, jump) => {
  const newId = countingIds();
  let room = initialRoom(begin, rule);
  const notebook: string[] = [];
  const feed = (at: number, moving: boolean) => {
    const input: RoomInput = { kind: 'frame', at, judgement: { ...calm, moving } };
    const [next, effects] = step(room, input, rule, newId);
    room = next;
    notebook.push(...effects.map(brief));
  };
  [room] = step(room, { kind: 'opened', at: begin }, rule, newId);
  for (let t = 0; t < 6; t += 0.5) feed(begin + t, t >= 4);
  notebook.length = 0;
  for (let t = 6; t < 15; t += 0.5) feed(begin + jump + t, false);
  expect(notebook).toEqual(['motion_ended after 0.5 s with 1', 'occupied (presence)']);
  for (let t = 15; t < 17; t += 0.5) feed(begin + jump + t, false);
  expect(notebook.at(-1)).toBe('unoccupied (quiet)');
});

test('a request waits for the next frame of an open camera, survives a size change, and is dropped when the camera is lost', () => {
  const request = { kind: 'snapshot_requested' } as const;
  const run = (...inputs: RoomInput[]) =>
    inputs.reduce((room, input) => step(room, input, rule, countingIds())[0], initialRoom(begin, rule));
  const opened = { kind: 'opened', at: begin } as const;
  const lost = { kind: 'lost', at: begin + 1 } as const;
  const frame = { kind: 'frame', at: begin + 1, judgement: calm } as const;
  expect(run(request).snapshotRequested).toBe(false);
  expect(run(opened, request).snapshotRequested).toBe(true);
  expect(run(opened, request, opened).snapshotRequested).toBe(true);
  expect(run(opened, request, lost).snapshotRequested).toBe(false);
  expect(run(opened, request, frame).snapshotRequested).toBe(false);
});

test.each([
  ['a break without frames neither ends the visit nor its motion', 0.5, 8, []],
  ['a camera that is slow by itself has no breaks', 8, 10, ['motion_ended', 'unoccupied']],
] as const)('%s', (_, frameSeconds, gap, expected) => {
  const newId = countingIds();
  const { room } = play('o....mmmm');
  const lastFrameAt = room.lastFrameAt!;
  const calmFrame = (at: number) => ({ kind: 'frame', at, judgement: calm }) as const;
  const [once, first] = step({ ...room, frameSeconds }, calmFrame(lastFrameAt + gap), rule, newId);
  const [, second] = step({ ...once, frameSeconds }, calmFrame(lastFrameAt + gap + 0.5), rule, newId);
  const notes = [...first, ...second].map((effect) => brief(effect).split(' ')[0]);
  expect(notes).toEqual(expected);
});
