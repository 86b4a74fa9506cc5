import { expect, test } from 'vitest';
import { roomStatus } from '../../../src/domain/contract/payloads.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import type { Verdict } from '../../../src/domain/recognition/verdict.js';
import type { Effect, Room, RoomRule } from '../../../src/domain/room/state.js';
import { initialRoom, step } from '../../../src/domain/room/step.js';

const rule: RoomRule = {
  room: 'kitchen',
  armed: true,
  warmupSeconds: 2,
  framesToMove: 2,
  secondsToMove: 0.4,
  vacancySeconds: 10,
  minSecondsBetweenSnapshots: 5,
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
function play(film: string): { notes: string[]; room: Room } {
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
    case 'snapshot':
      return 'snapshot';
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
  expect(play('.s').notes).toEqual(['0.5 occupied person confirmed 1']);
});

test('motion like a person’s occupies the room once it has lasted, unconfirmed', () => {
  expect(play('.....uu').notes).toEqual([empty, '3 motion_started', '3 occupied motion motion 0']);
});

test('a visit that starts unconfirmed is confirmed by a look, and keeps its id', () => {
  const { notes } = play('.....uuPp');
  expect(notes.slice(3)).toEqual(['3.5 occupied person motion confirmed 1', '3.5 snapshot']);
});

test('the first snapshot waits for a good look, but no longer than a second and a half', () => {
  expect(play('.....ppppppp').notes.filter((note) => note.endsWith('snapshot'))).toEqual(['4 snapshot']);
  expect(play('.....ppPpppp').notes.filter((note) => note.endsWith('snapshot'))).toEqual(['3.5 snapshot']);
});

test('a person who is only ever still gets a snapshot, too', () => {
  expect(play('.....ssssss').notes).toEqual([empty, '2.5 occupied person confirmed 1', '4 snapshot']);
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
  const [lost] = step(room, { kind: 'lost', at: 4 }, rule, () => '');
  expect(lost.published).toMatchObject({ status: 'unknown', people: null, confirmed: false });
});
