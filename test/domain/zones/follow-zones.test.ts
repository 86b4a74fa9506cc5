import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import { zoneStatus } from '../../../src/domain/contract/payloads.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import { motionOnly, type Verdict } from '../../../src/domain/recognition/verdict.js';
import type { Effect, Room, RoomInput, RoomRule } from '../../../src/domain/room/state.js';
import { initialRoom, step } from '../../../src/domain/room/step.js';
import type { Point } from '../../../src/domain/zones/polygon.js';
import type { Sighting, Whereabouts } from '../../../src/domain/zones/whereabouts.js';

const left = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] as const; // prettier-ignore
const corner = [[0.7, 0.7], [1, 0.7], [1, 1], [0.7, 1]] as const; // prettier-ignore
const rule: RoomRule = {
  ...{ room: 'kitchen', armed: true, warmupSeconds: 1, framesToMove: 3, secondsToMove: 0 },
  ...{ vacancySeconds: 10, minSecondsBetweenSnapshots: 5 },
  zones: [
    { name: 'desk', polygon: left },
    { name: 'bed', polygon: corner },
  ],
};
const desk = { x: 0.2, y: 0.5 };
const bed = { x: 0.8, y: 0.8 };
const between = { x: 0.6, y: 0.5 };

type Shown = {
  readonly judgement: Partial<typeof calm>;
  readonly verdict: Partial<Verdict>;
  readonly where: Partial<Whereabouts>;
};
const person = (point: Point, at: number): Shown => ({
  judgement: { moving: true },
  verdict: { occupies: 'recognised', sign: true, people: 1 },
  where: { seen: [{ ...point, at, by: 'person' }], moving: [point], people: [[point]] },
});
const motion = (point: Point, by: Sighting['by'] | undefined, at: number): Shown => ({
  judgement: { moving: true },
  verdict: by === 'motion' ? { occupies: 'unrecognised', sign: true } : { sign: by !== undefined },
  where: { seen: by === undefined ? [] : [{ ...point, at, by }], moving: [point], people: [[]] },
});
const still = { occupies: 'recognised', sign: true, people: 1 } as const;

/**
 * What a letter of a film shows: `.` calm; `d`, `b`, `p` a person at the desk, at the bed, between them; `D`, `B` motion there
 * that counts; `u` motion at the desk that does not; `k` motion at the desk that may be a person's; `s` somebody still,
 * nobody knows where; `h` a place at the desk that no look has denied; `l` a look that finds somebody still at the desk.
 */
const frames: Readonly<Record<string, (at: number) => Shown>> = {
  '.': () => ({ judgement: {}, verdict: {}, where: { people: [[]] } }),
  d: (at) => person(desk, at),
  b: (at) => person(bed, at),
  p: (at) => person(between, at),
  D: (at) => motion(desk, 'motion', at),
  B: (at) => motion(bed, 'motion', at),
  u: (at) => motion(desk, undefined, at),
  k: (at) => motion(desk, 'presence', at),
  s: () => ({ judgement: { present: true }, verdict: { sign: true }, where: { present: true, people: [[]] } }),
  h: () => ({ judgement: {}, verdict: still, where: { held: [desk], people: [[desk]] } }),
  l: (at) => ({
    judgement: {},
    verdict: still,
    where: { seen: [{ ...desk, at, by: 'person' }], held: [desk], people: [[desk]] },
  }),
};
const nowhere: Whereabouts = { seen: [], moving: [], held: [], present: false, people: null };

function inputOf(mark: string, at: number): RoomInput {
  if (mark === 'o') return { kind: 'opened', at };
  if (mark === 'x') return { kind: 'lost', at };
  if (mark === 'r' || mark === 'q') return { kind: 'rule_changed', at };
  const { judgement, verdict, where } = frames[mark]!(at);
  const judged = { ...calm, ...judgement };
  return {
    ...{ kind: 'frame', at, judgement: judged, where: { ...nowhere, ...where } },
    verdict: { ...motionOnly(judged), occupies: undefined, sign: false, people: 0, ...verdict },
  };
}

/** Plays a film of two frames a second; `q` disarms, `r` arms and changes the rule. */
function play(film: string, given: RoomRule = rule, later: RoomRule = given) {
  const id = () => '01900000-0000-7000-8000-000000000001';
  let room: Room = initialRoom(0, given);
  let current = given;
  const steps = [...film].map((mark, n) => {
    if (mark === 'q') current = { ...current, armed: false };
    if (mark === 'r') current = later;
    const [next, effects] = step(room, inputOf(mark, n / 2), current, id);
    room = next;
    return { at: n / 2, effects, room: next };
  });
  return { steps, room };
}

const zonesIn = (effects: readonly Effect[]) =>
  effects.flatMap((one) => (one.kind === 'zone_status' ? [one.status] : []));

/** The statuses of one zone by second: `3 occupied motion`; `+` while something moves there. */
function notes(zone: string, film: string, ...rules: RoomRule[]): string[] {
  const all = play(film, ...rules).steps.flatMap(({ at, effects }) =>
    zonesIn(effects)
      .filter((status) => status.zone === zone)
      .map(({ status, reason, motion: moves }) => ({ at, text: `${status} ${reason}${moves ? '+' : ''}` })),
  );
  // A message about people alone has the text of the one before.
  return all.filter(({ text }, n) => text !== all[n - 1]?.text).map(({ at, text }) => `${at} ${text}`);
}

const dots = (count: number) => '.'.repeat(count);
const cases: [string, string, string[]][] = [
  ['a person stands in it', 'o...d', ['1 unoccupied quiet', '2 occupied person+']],
  ['a person stands elsewhere', 'o...bbbb', ['1 unoccupied quiet']],
  ['a person goes, and the time runs from the last sign', `o...dddp${dots(30)}`,
    ['1 unoccupied quiet', '2 occupied person+', '5 occupied person', '13 unoccupied quiet']],
  ['a person who goes on elsewhere frees it all the same', `o...d${'p'.repeat(30)}`,
    ['1 unoccupied quiet', '2 occupied person+', '4 occupied person', '12 unoccupied quiet']],
  ['motion that counts, once it has lasted', 'o...DDDD',
    ['1 unoccupied quiet', '3 occupied motion+']],
  ['a passing flicker in an occupied room', 'o...bDDb', ['1 unoccupied quiet']],
  ['motion, then presence', `o...DDDsssss`, ['1 unoccupied quiet', '3 occupied motion+', '5 occupied presence']],
  ['presence holds it, as it holds the room', `o...DDD${'s'.repeat(40)}${dots(20)}`,
    ['1 unoccupied quiet', '3 occupied motion+', '5 occupied presence', '33 unoccupied quiet']],
  ['presence after somebody was last seen elsewhere does not', `o...dddbbb${'s'.repeat(40)}`,
    ['1 unoccupied quiet', '2 occupied person+', '5 occupied person', '13 unoccupied quiet']],
  ['somebody still whom the looks find', `o...d${'l'.repeat(40)}${dots(20)}`,
    ['1 unoccupied quiet', '2 occupied person+', '4 occupied person', '32 unoccupied quiet']],
  ['somebody still where no look has been', `o...d${'h'.repeat(40)}`,
    ['1 unoccupied quiet', '2 occupied person+', '4 occupied person']],
  ['motion that does not occupy the room', 'o...uuuu....',
    ['1 unoccupied quiet', '3 unoccupied quiet+', '5.5 unoccupied quiet']],
  ['motion that may be a person begins nothing, and holds what began', `o...bkkkkkkb${dots(4)}`,
    ['1 unoccupied quiet', '3.5 unoccupied quiet+', '7 unoccupied quiet']],
  ['such motion holds a zone in which somebody was', `o...d${'k'.repeat(30)}`, ['1 unoccupied quiet', '2 occupied person+']],
  ['the camera is lost', 'o...dx', ['1 unoccupied quiet', '2 occupied person+', '2.5 unknown camera_lost']],
  ['the room is disarmed and armed again', 'o...dq.r..', ['1 unoccupied quiet', '2 occupied person+',
    '2.5 unknown disarmed', '3.5 unknown warming_up', '4.5 unoccupied quiet']],
  ['a person is recognised while the room warms up', 'od', ['0.5 occupied person+']],
]; // prettier-ignore

test.each(cases)('the zone at the desk: %s', (_, film, expected) => {
  expect(notes('desk', film)).toEqual(expected);
});

test('`since` is when the status took its value, and people are counted by their feet', () => {
  const { room } = play('o...dd.b');
  const [first, second] = room.zones.states.map(({ published }) => published);
  expect(first).toMatchObject({
    zone: 'desk',
    since: '1970-01-01T00:00:02.000Z',
    at: '1970-01-01T00:00:03.000Z',
    people: 0,
  });
  expect(second).toMatchObject({ zone: 'bed', since: '1970-01-01T00:00:03.500Z', motion: true, people: 1 });
});

test('a zone that is added says how it is at once; one that is removed says nothing any more', () => {
  const without = { ...rule, zones: rule.zones.slice(1) };
  expect(notes('desk', 'o...brd', without, rule)).toEqual(['2.5 unoccupied quiet', '3 occupied person+']);
  expect(notes('desk', 'o...drd', rule, without)).toEqual(['1 unoccupied quiet', '2 occupied person+']);
});

test('zones come before the snapshots of their frame, and after the status of the room', () => {
  const effects = play('o...DDD')
    .steps.at(-1)!
    .effects.map(({ kind }) => kind);
  expect(effects).toEqual(['motion', 'room_status', 'zone_status', 'snapshot']);
});

test('a clock that is set neither frees a zone nor holds it', () => {
  const id = () => '01900000-0000-7000-8000-000000000001';
  let { room } = play('o...ddd');
  const after = [3600, 3605, 3609.5, 3610.5].map((at) => {
    [room] = step(room, inputOf('.', 3 + at), rule, id);
    return room.zones.states[0]!.published.status;
  });
  expect(after).toEqual(['occupied', 'occupied', 'occupied', 'unoccupied']);
});

test('in no film is a zone occupied in an empty room, or known in an unknown one, or does it change the room', () => {
  const film = fc.array(fc.constantFrom(...'oooxqr....dbpDBukshl'), { minLength: 1, maxLength: 120 });
  const roomEffects = (effects: readonly Effect[]) => effects.filter(({ kind }) => kind !== 'zone_status');
  fc.assert(
    fc.property(film, (marks) => {
      const { steps } = play(marks.join(''), rule);
      const plain = play(marks.join(''), { ...rule, zones: [] });
      let signAt = -Infinity;
      steps.forEach(({ at, effects, room }, n) => {
        expect(roomEffects(effects)).toEqual(plain.steps[n]!.effects);
        if ('dDklhs'.includes(marks[n]!)) signAt = at;
        for (const { name, published } of room.zones.states) {
          expect(published.status === 'unknown').toBe(room.published.status === 'unknown');
          if (published.status === 'occupied') expect(room.published.status).toBe('occupied');
          if (published.motion) expect(room.published.motion).toBe(true);
          if (name === 'desk' && published.status === 'occupied') expect(at - signAt).toBeLessThan(rule.vacancySeconds);
        }
        for (const status of zonesIn(effects)) expect(() => zoneStatus.parse(status)).not.toThrow();
      });
    }),
    { numRuns: 300 },
  );
});
