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
const fresh = followMotion(undefined, true, 10)!;

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
  expect(followMotion(fresh, false, 13)).toBe(fresh);
  expect(followMotion(fresh, true, 13)).toEqual({ ...fresh, lastMovingAt: 13 });
  expect(followMotion(fresh, false, 13.1)).toBeUndefined();
  expect(followMotion(fresh, true, 13.1)!.since).toBe(13.1);
});
