import { expect, test } from 'vitest';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import { occupantLabels, type Label } from '../../../src/domain/recognition/labels.js';
import {
  followMotion,
  observeMotion,
  whatMoves,
  type MotionEvidence,
} from '../../../src/domain/recognition/motion-evidence.js';

const mover = { x: 0.3, y: 0.3, width: 0.2, height: 0.4 };
const person = occupantLabels(['person']);
const fresh = followMotion(undefined, [mover], 10)!;

type Found = readonly [Label, number, Partial<Detection>?];
function looks(found: readonly (readonly Found[])[], occupies = person): MotionEvidence {
  return found.reduce((motion, boxes, n) => {
    const detections = boxes.map(([label, score, box]): Detection => ({ ...mover, label, score, ...box }));
    return observeMotion(motion, { at: 10 + n, crop: WHOLE, detections }, [mover], detections, occupies);
  }, fresh);
}

const cases: [string, Found[][], string][] = [
  ['a sure look decides', [[['person', 0.7]]], 'occupant'],
  ['a doubtful one does not', [[['person', 0.55]]], 'unknown'],
  ['two doubtful ones do', [[['person', 0.5]], [['person', 0.5]]], 'occupant'],
  ['a sure look outweighs a miss', [[], [['person', 0.95]]], 'occupant'],
  ['a dog is something else', [[['dog', 0.8]]], 'other'],
  [
    'a person beside a dog is a person',
    [
      [
        ['dog', 0.8],
        ['person', 0.8],
      ],
    ],
    'occupant',
  ],
  ['nothing at all, often enough, is nobody', [[], [], [], []], 'nobody'],
  ['before that it is not known', [[], [], []], 'unknown'],
  ['somebody elsewhere does not count', [[['person', 0.9, { x: 0.8, width: 0.1 }]]], 'unknown'],
  ['a car parked behind what moves does not count', [[['car', 0.9, { x: 0, width: 1, y: 0, height: 1 }]]], 'unknown'],
];

test.each(cases)('%s', (_, found, what) => {
  expect(whatMoves(looks(found))).toBe(what);
});

test('a vehicle occupies where vehicles do', () => {
  expect(whatMoves(looks([[['car', 0.8]]], occupantLabels(['person', 'vehicle'])))).toBe('occupant');
});

test('a look that does not show what moves changes nothing', () => {
  const elsewhere = { at: 11, crop: { x: 0.6, y: 0, width: 0.4, height: 0.4 }, detections: [] };
  expect(observeMotion(fresh, elsewhere, [mover], [], person)).toBe(fresh);
});

test('a pause of three seconds is part of the motion, a longer one ends it', () => {
  expect(followMotion(fresh, [], 13)).toBe(fresh);
  expect(followMotion(fresh, [mover], 13)).toMatchObject({ since: 10, lastMovingAt: 13 });
  expect(followMotion(fresh, [], 13.1)).toBeUndefined();
  expect(followMotion(fresh, [mover], 13.1)!.since).toBe(13.1);
});

const screen = { x: 0.7, y: 0.1, width: 0.2, height: 0.2 };
const around = ({ x, y, width, height }: typeof mover) => {
  return { x: x - 0.05, y: y - 0.05, width: width + 0.1, height: height + 0.1 };
};

/** Looks at a person and at a screen in turn, with both moving all the time. */
function beside(score: number): MotionEvidence {
  return Array.from({ length: 8 }, (_, n) => n).reduce(
    (motion, n) => {
      const shown = n % 2 === 0 ? screen : mover;
      const detections: Detection[] = shown === mover ? [{ ...mover, label: 'person', score }] : [];
      const look = { at: 10 + n, crop: around(shown), detections };
      const after = observeMotion(motion, look, [mover, screen], detections, person);
      return followMotion(after, [screen, mover], 10 + n)!;
    },
    followMotion(undefined, [mover, screen], 10)!,
  );
}

test('looks at a screen do not weigh against a faint person beside it', () => {
  const motion = beside(0.42);
  expect(motion.occupant).toBeLessThan(0.35);
  expect(whatMoves(motion)).toBe('occupant');
  expect(whatMoves(beside(0.2))).toBe('nobody');
});
