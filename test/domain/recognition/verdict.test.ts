import { expect, test } from 'vitest';
import { roomStatus } from '../../../src/domain/contract/payloads.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import type { Verdict } from '../../../src/domain/recognition/verdict.js';
import type { Effect, Room, RoomRule } from '../../../src/domain/room/state.js';
import { initialRoom, step } from '../../../src/domain/room/step.js';

const baseRule: RoomRule = {
  room: 'kitchen',
  armed: true,
  warmupSeconds: 2,
  framesToMove: 2,
  secondsToMove: 0.4,
  vacancySeconds: 10,
  minSecondsBetweenSnapshots: 5,
  zones: [],
};

const nobody: Verdict = {
  occupies: undefined,
  sign: false,
  lastSignAt: -Infinity,
  mayVacate: true,
  people: 0,
  firstSnapshot: 'waits',
};

/** What a letter of a film shows: `.` calm; `d` a dog moves; `u` motion like a person's; `p`, `P` a person, seen badly or well;
 * `s` a person who is still, without motion; `h` nothing, but the last look has not been taken yet. */
const frames: Readonly<Record<string, { moving: boolean; verdict: (at: number) => Partial<Verdict> }>> = {
  '.': { moving: false, verdict: () => ({}) },
  d: { moving: true, verdict: () => ({}) },
  u: { moving: true, verdict: () => ({ occupies: 'unrecognised', sign: true }) },
  p: { moving: true, verdict: () => ({ occupies: 'recognised', sign: true, people: 1 }) },
  P: { moving: true, verdict: () => ({ occupies: 'recognised', sign: true, people: 1, firstSnapshot: 'good' }) },
  s: { moving: false, verdict: (at) => ({ occupies: 'recognised', lastSignAt: at, people: 1 }) },
  h: { moving: false, verdict: () => ({ mayVacate: false }) },
};

/** Plays a film of two frames a second, from an opened camera on. Returns the effects by second, and the room at the end. */
function play(film: string, rule = baseRule): { notes: string[]; room: Room } {
  let n = 0;
  const newId = () => `01900000-0000-7000-8000-${String(++n).padStart(12, '0')}`;
  let [room] = step(initialRoom(0, rule), { kind: 'opened', at: 0 }, rule, newId);
  const notes: string[] = [];
  [...film].forEach((letter, index) => {
    const at = index / 2;
    const { moving, verdict } = frames[letter]!;
    const input = {
      kind: 'frame',
      at,
      judgement: { ...calm, moving },
      verdict: { ...nobody, ...verdict(at) },
    } as const;
    const [next, effects] = step(room, input, rule, newId);
    room = next;
    notes.push(...effects.map((effect) => `${at} ${brief(effect)}`));
  });
  return { notes, room };
}

function brief(effect: Effect): string {
  switch (effect.kind) {
    case 'room_status': {
      const { status, reason, motion, confirmed, people } = roomStatus.parse(effect.status);
      return `${status} ${reason}${motion ? ' motion' : ''}${confirmed ? ' confirmed' : ''} ${people}`;
    }
    case 'motion':
      return effect.event.event_type;
    default:
      return effect.kind;
  }
}

const empty = '2 unoccupied quiet 0';

test('a dog moves: its motion is published and counted, and the room stays empty, without a snapshot', () => {
  const { notes, room } = play('.....dddddddddd......');
  expect(notes).toEqual([
    empty,
    '3 motion_started',
    '3 unoccupied quiet motion 0',
    '9 motion_ended',
    '9 unoccupied quiet 0',
  ]);
  expect(room.ignoredMotions).toBe(1);
});

test('a recognised person occupies the room at once, and their motion is published before it has lasted', () => {
  const occupied = ['2.5 motion_started', '2.5 occupied person motion confirmed 1'];
  expect(play('.....P').notes).toEqual([empty, ...occupied, '2.5 snapshot']);
});

test('a person who is recognised in the warm-up ends it', () => {
  expect(play('.s').notes).toEqual(['0.5 occupied person confirmed 1', '0.5 hold_snapshot']);
});

test('motion like a person’s occupies the room once it has lasted, unconfirmed', () => {
  const occupied = ['3 motion_started', '3 occupied motion motion 0', '3 hold_snapshot'];
  expect(play('.....uu').notes).toEqual([empty, ...occupied]);
});

test('a visit that starts unconfirmed is confirmed by a look, and keeps its id', () => {
  const { notes } = play('.....uuPp');
  expect(notes.slice(4)).toEqual(['3.5 occupied person motion confirmed 1', '3.5 snapshot']);
});

test('the first snapshot waits for a good look, but no longer than a second and a half', () => {
  const snapshots = (film: string) => play(film).notes.filter((note) => note.endsWith('snapshot'));
  expect(snapshots('.....ppppppp')).toEqual(['2.5 hold_snapshot', '4 snapshot']);
  expect(snapshots('.....ppPpppp')).toEqual(['2.5 hold_snapshot', '3.5 snapshot']);
});

test('a person who is only ever still gets a snapshot, too', () => {
  const occupied = ['2.5 occupied person confirmed 1', '2.5 hold_snapshot'];
  expect(play('.....ssssss').notes).toEqual([empty, ...occupied, '4 snapshot']);
});

test.each([
  ['is lost', { kind: 'lost', at: 3.1 }, true],
  ['opens again', { kind: 'opened', at: 3.1 }, true],
  ['is disarmed', { kind: 'rule_changed', at: 3.1 }, false],
] as const)(
  'a visit that ends while its first snapshot waits keeps its first frame: the camera %s',
  (_, input, armed) => {
    const { room } = play('.....p');
    const [, effects] = step(room, input, { ...baseRule, armed }, () => '01900000-0000-7000-8000-000000000009');
    expect(effects.map(brief).map((note) => note.split(' ')[0])).toEqual([
      'motion_ended',
      'unknown',
      'keep_held_snapshot',
    ]);
    const [motion, status, kept] = effects;
    expect(motion).toMatchObject({ event: { snapshots: 1 } });
    expect(kept).toMatchObject({ order: { visit: room.published.visit, at: 2.5 } });
    expect(status).toMatchObject({ status: { visit: null } });
  },
);

test('a visit shorter than the wait for its first snapshot keeps its first frame', () => {
  const short = { ...baseRule, vacancySeconds: 1 };
  expect(play('.....p..', short).notes.slice(-2)).toEqual(['3.5 unoccupied quiet 0', '3.5 keep_held_snapshot']);
});

test('looks hold the room without any motion; ten seconds after the last of them it becomes empty', () => {
  const { notes } = play(`.....s${'.s'.repeat(30)}${'.'.repeat(21)}`);
  const vacated = notes.filter((note) => note.includes('unoccupied'));
  expect(vacated).toEqual([empty, '42.5 unoccupied quiet 0']);
});

test('the room waits for the last look before it becomes empty', () => {
  const held = play(`.....P${'h'.repeat(40)}`).notes;
  expect(held.some((note) => note.includes('unoccupied') && note !== empty)).toBe(false);
  expect(play(`.....P${'h'.repeat(40)}.`).notes.at(-1)).toBe('23 unoccupied quiet 0');
});

test('a dog that moves on does not hold the room of a person who left', () => {
  const { notes } = play(`.....P${'d'.repeat(22)}`);
  expect(notes.at(-1)).toBe('12.5 unoccupied quiet motion 0');
});

test('a room that becomes unknown publishes no count of people', () => {
  const { room } = play('.....P');
  const [lost] = step(room, { kind: 'lost', at: 4 }, baseRule, () => '');
  expect(lost.published).toMatchObject({ status: 'unknown', people: null, confirmed: false });
});
