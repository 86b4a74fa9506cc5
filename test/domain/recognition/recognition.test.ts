import { expect, test } from 'vitest';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import { occupantLabels, type Label, type Occupant } from '../../../src/domain/recognition/labels.js';
import { freshRecognition, learn, watch, type Recognition } from '../../../src/domain/recognition/recognition.js';
import type { RecognitionRule } from '../../../src/domain/recognition/recognition-rule.js';
import { backgroundHints } from '../../../src/domain/recognition/background-hints.js';
import type { Mover, Scene } from '../../../src/domain/recognition/scene.js';
import { moverIn, quietScene } from './scenes.js';

type Moment = { readonly from: number; readonly scene?: Partial<Scene>; readonly there?: readonly Detection[] };

const ruleOf = (...occupiedBy: Occupant[]): RecognitionRule => ({
  anything: occupiedBy.includes('anything'),
  occupies: occupantLabels(occupiedBy),
  masked: ({ x }) => x >= 0.9,
  zoned: () => false,
});

const at = (x: number, label: Label, score: number): Detection => ({
  x,
  y: 0.3,
  width: 0.15,
  height: 0.5,
  label,
  score,
});
const mover = (x: number, other: Partial<Mover> = {}) => moverIn({ x, y: 0.3, width: 0.15, height: 0.5 }, other);

/** A story at ten frames a second: what happens from when on; a look finds what is in its crop, 0.2 s later. */
function play(seconds: number, story: readonly Moment[], rule = ruleOf('person'), room = { vacancySeconds: 20 }) {
  let state: Recognition = freshRecognition(0, []);
  let answer: { due: number; give: () => void } | undefined;
  let occupied = false;
  let signAt = 0;
  const said: string[] = [];
  for (let n = 0; n <= seconds * 10; n++) {
    const now = n / 10;
    const moment = story.findLast(({ from }) => now >= from)!;
    const scene = quietScene({ at: now, ...moment.scene, occupied, ...room });
    if (answer !== undefined && now >= answer.due) {
      answer.give();
      answer = undefined;
    }
    const [next, verdict, order] = watch(state, scene, rule);
    state = next;
    if (order !== undefined) {
      const { crop } = order;
      const there = moment.there ?? [];
      const detections = there.filter(
        ({ x, y, width, height }) =>
          x >= crop.x &&
          x + width <= crop.x + crop.width + 1e-9 &&
          y >= crop.y &&
          y + height <= crop.y + crop.height + 1e-9,
      );
      const taken = occupied;
      answer = {
        due: now + 0.2,
        give: () => (state = learn(state, order, { at: order.at, crop, detections }, taken, rule)),
      };
    }
    if (!occupied && verdict.occupies !== undefined) {
      occupied = true;
      signAt = now;
      said.push(`${Math.floor(now)} ${verdict.occupies}`);
    } else if (occupied) {
      signAt = Math.max(signAt, state.signAt);
      if (now - signAt >= room.vacancySeconds && verdict.mayVacate) {
        occupied = false;
        said.push(`${Math.floor(now)} gone`);
      }
    }
  }
  return { said, state };
}

const walk = { moving: true, movers: [mover(0.3)] };
const still = { present: true };

const FAR_AWAY = { width: 0.02, height: 0.06, area: 0.0008, accepted: false };

const stories: [string, number, Moment[], string[]][] = [
  ['an empty room stays empty', 60, [{ from: 0 }], []],
  [
    'somebody comes in and goes',
    60,
    [{ from: 0 }, { from: 20, scene: walk, there: [at(0.3, 'person', 0.8)] }, { from: 25 }],
    ['20 recognised', '44 gone'],
  ],
  ['a dog walks through', 60, [{ from: 0 }, { from: 20, scene: walk, there: [at(0.3, 'dog', 0.8)] }, { from: 50 }], []],
  ['a machine that is not recognised drives about', 90, [{ from: 0 }, { from: 20, scene: walk }], []],
  [
    'a mover that travels like a person occupies unrecognised',
    30,
    [
      { from: 0 },
      { from: 20, scene: { moving: true, movers: [mover(0.3, { length: 15, travel: 0.3 })] } },
      { from: 25 },
    ],
    ['20 unrecognised'],
  ],
  [
    'a camera that pans does not',
    40,
    [
      { from: 0 },
      { from: 20, scene: { moving: true, movers: [mover(0.1, { area: 0.75, length: 4 })] } },
      { from: 22, scene: { moving: true, movers: [mover(0.3, { length: 15, travel: 0.3 })] } },
      { from: 23 },
    ],
    [],
  ],
  [
    'somebody far away who crosses the scene occupies, too small for motion and for the model',
    40,
    [
      { from: 0 },
      { from: 20, scene: { movers: [mover(0.5, { ...FAR_AWAY, length: 5, travel: 0.1 })] } },
      { from: 24, scene: { movers: [mover(0.5, { ...FAR_AWAY, length: 30, travel: 0.4 })] } },
      { from: 25 },
    ],
    ['24 far'],
  ],
  [
    'a dog does not, however it travels',
    40,
    [
      { from: 0 },
      { from: 20, scene: walk, there: [at(0.3, 'dog', 0.8)] },
      {
        from: 23,
        scene: { moving: true, movers: [mover(0.3, { length: 15, travel: 0.3 })] },
        there: [at(0.3, 'dog', 0.8)],
      },
    ],
    [],
  ],
  ['somebody is there from the first frame', 30, [{ from: 0, there: [at(0.4, 'person', 0.9)] }], ['0 recognised']],
  [
    'somebody asleep is held as long as looks find somebody',
    600,
    [
      { from: 0 },
      { from: 20, scene: walk, there: [at(0.3, 'person', 0.8)] },
      { from: 25, there: [at(0.3, 'person', 0.45)] },
    ],
    ['20 recognised'],
  ],
  [
    'a chair that stays moved is let go though the judge takes it for somebody',
    120,
    [
      { from: 0 },
      { from: 20, scene: walk, there: [at(0.3, 'person', 0.8)] },
      { from: 25, scene: still, there: [at(0.3, 'chair', 0.9)] },
    ],
    ['20 recognised', '44 gone'],
  ],
  [
    'in the dark motion decides alone',
    60,
    [
      { from: 0, scene: { brightness: 3 } },
      { from: 20, scene: { ...walk, brightness: 3 } },
      { from: 25, scene: { brightness: 3 } },
    ],
    ['20 unrecognised', '44 gone'],
  ],
  ['nobody in a masked part', 30, [{ from: 0, there: [{ ...at(0.9, 'person', 0.9), width: 0.1 }] }], []],
  [
    'a coat stand that looks like a person now and then is none when a cat passes',
    60,
    [
      { from: 0, there: [at(0.3, 'person', 0.38)] },
      { from: 40, scene: walk, there: [at(0.3, 'person', 0.45), at(0.32, 'cat', 0.4)] },
    ],
    [],
  ],
];

test.each(stories)('%s', (_, seconds, story, said) => {
  expect(play(seconds, story).said).toEqual(said);
});

test('anything: motion decides alone, as without recognition', () => {
  const story = [{ from: 0 }, { from: 20, scene: walk, there: [at(0.3, 'dog', 0.8)] }, { from: 25 }];
  expect(play(60, story, ruleOf('anything')).said).toEqual(['20 unrecognised', '44 gone']);
});

test('vehicles occupy where they may, and only when they move', () => {
  const parked = [{ from: 0, there: [at(0.3, 'car', 0.9)] }];
  expect(play(60, parked, ruleOf('person', 'vehicle')).said).toEqual([]);
  const driving = [{ from: 0 }, { from: 20, scene: walk, there: [at(0.3, 'car', 0.9)] }, { from: 22 }];
  expect(play(30, driving, ruleOf('person', 'vehicle')).said).toEqual(['20 recognised']);
});

test('a look that failed finds nobody, so that a broken model cannot hold the room, and the next may be taken', () => {
  const rule = ruleOf('person');
  const [state, , order] = watch(freshRecognition(0, []), quietScene({ at: 0 }), rule);
  const after = learn(state, order!, undefined, false, rule);
  expect(after).toEqual({ ...state, schedule: { ...state.schedule, underWay: false }, vainLooks: 1 });
});

test('the background does not learn somebody, and may learn what nobody is', () => {
  const { state } = play(10, [{ from: 0, there: [at(0.4, 'person', 0.9)] }]);
  expect(backgroundHints(state, quietScene({ at: 10 })).keep).toHaveLength(1);
  const dog = play(24, [{ from: 0 }, { from: 20, scene: walk, there: [at(0.3, 'dog', 0.8)] }]);
  const hints = backgroundHints(dog.state, quietScene({ at: 24, ...walk }));
  expect(hints).toEqual({ keep: [], absorb: walk.movers });
});
