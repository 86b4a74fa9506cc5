import { expect, test } from 'vitest';
import {
  dueLook,
  freshSchedule,
  ordered,
  type Known,
  type LookSchedule,
} from '../../../src/domain/recognition/look-schedule.js';
import { followMotion } from '../../../src/domain/recognition/motion-evidence.js';
import { candidates, type Scene } from '../../../src/domain/recognition/scene.js';
import { moverIn, quietScene } from './scenes.js';

const nothing: Known = {
  ...{ places: [], furniture: [], motion: undefined, unchecked: undefined, lastMotion: undefined },
  signAt: -Infinity,
};
const mover = moverIn({ x: 0.4, y: 0.3, width: 0.1, height: 0.4 }, { area: 0.02, length: 5, travel: 0.1 });

const dueIn = (schedule: LookSchedule, scene: Scene, known: Known) =>
  dueLook(schedule, scene, candidates(scene), known);

/** The looks of some seconds at ten frames a second; each is answered at once. */
function looks(
  seconds: number,
  scene: (at: number) => Partial<Scene>,
  known: (at: number) => Partial<Known> = () => ({}),
) {
  let schedule: LookSchedule = freshSchedule(0);
  const taken: { at: number; purpose: string }[] = [];
  for (let n = 0; n <= seconds * 10; n++) {
    const at = n / 10;
    const order = dueIn(schedule, quietScene({ at, ...scene(at) }), { ...nothing, ...known(at) });
    if (order === undefined) continue;
    taken.push({ at, purpose: order.purpose });
    schedule = { ...ordered(schedule, order), underWay: false };
  }
  return taken;
}

const timesOf = (taken: readonly { at: number; purpose: string }[], purpose: string) =>
  taken.filter((look) => look.purpose === purpose).map(({ at }) => at);

test('after the opening it looks all over for six seconds, then every ten', () => {
  const taken = looks(40, () => ({}));
  expect(timesOf(taken, 'opening').length).toBeGreaterThan(14);
  expect(timesOf(taken, 'opening').at(-1)).toBeLessThan(6);
  const patrols = timesOf(taken, 'patrol');
  expect(patrols).toHaveLength(3);
});

test('motion is looked at at once, then less and less often', () => {
  const taken = looks(
    40,
    (at) => (at >= 20 ? { moving: true, movers: [mover] } : {}),
    (at) => ({ motion: at >= 20 ? followMotion(undefined, [mover], 20) : undefined }),
  );
  expect(timesOf(taken, 'motion').slice(0, 6)).toEqual([20, 20.3, 20.6, 21.1, 21.6, 22.1]);
});

test('somebody still is looked at, and before the room is let go several times', () => {
  const taken = looks(
    40,
    (at) => (at >= 20 ? { occupied: true } : {}),
    () => ({ signAt: 20 }),
  );
  expect(timesOf(taken, 'still').every((at) => at < 33)).toBe(true);
  expect(timesOf(taken, 'still').length).toBeGreaterThan(1);
  expect(timesOf(taken, 'last').filter((at) => at < 40).length).toBeGreaterThan(8);
});

test('a sign puts the last looks off', () => {
  const taken = looks(
    60,
    () => ({ occupied: true }),
    (at) => ({ signAt: at }),
  );
  expect(taken.filter(({ purpose }) => purpose === 'last' || purpose === 'still')).toEqual([]);
});

test('no look is taken while one is under way', () => {
  const schedule = { ...freshSchedule(0), underWay: true };
  expect(dueIn(schedule, quietScene({ moving: true, movers: [mover] }), nothing)).toBeUndefined();
});

test('the crop of a look at motion is around what moves', () => {
  const order = dueIn(freshSchedule(0), quietScene({ moving: true, movers: [mover] }), nothing)!;
  expect(order.crop.x).toBeLessThan(0.4);
  expect(order.crop.x + order.crop.width).toBeGreaterThan(0.5);
  expect(order.movers).toEqual([mover]);
});

test('motion that does not end keeps nobody from looking all over', () => {
  const taken = looks(
    60,
    (at) => (at >= 20 ? { moving: true, movers: [mover] } : {}),
    (at) => ({ motion: at >= 20 ? followMotion(undefined, [mover], 20) : undefined }),
  );
  expect(timesOf(taken, 'patrol').filter((at) => at > 30).length).toBeGreaterThan(2);
});
