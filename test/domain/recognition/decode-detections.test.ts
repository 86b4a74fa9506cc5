import { expect, test } from 'vitest';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import { decodeDetections, suppressOverlaps } from '../../../src/domain/recognition/decode-detections.js';
import { LABELS } from '../../../src/domain/recognition/labels.js';

const PERSON = LABELS.indexOf('person');
const DOG = LABELS.indexOf('dog');
/** Two anchors, ymin, xmin, ymax, xmax: the left and the right half of the middle. */
const anchors = Float32Array.of(0.2, 0.1, 0.8, 0.4, 0.2, 0.6, 0.8, 0.9);

function output(logits: readonly (readonly [row: number, label: number, logit: number])[]) {
  const classes = new Float32Array(2 * LABELS.length).fill(-10);
  for (const [row, label, logit] of logits) classes[row * LABELS.length + label] = logit;
  return { boxes: new Float32Array(8), classes };
}

test('a row without offsets is its anchor, its score the sigmoid', () => {
  const [found, ...rest] = decodeDetections(output([[1, DOG, 1]]), anchors, WHOLE);
  expect(rest).toEqual([]);
  expect(found!.label).toBe('dog');
  expect(found!.score).toBeCloseTo(0.731, 3);
  expect(found!.x).toBeCloseTo(0.6);
  expect(found!.height).toBeCloseTo(0.6);
});

test('offsets move and stretch the anchor, at most to the edge', () => {
  const raw = output([[0, PERSON, 3]]);
  raw.boxes.set([0, -5, 0, 5 * Math.log(2)]);
  const [found] = decodeDetections(raw, anchors, WHOLE);
  expect(found!.x).toBe(0);
  expect(found!.width).toBeCloseTo(0.4);
  expect(found!.y).toBeCloseTo(0.2);
});

test('what is found in a crop is told in shares of the frame', () => {
  const [found] = decodeDetections(output([[0, PERSON, 3]]), anchors, { x: 0.5, y: 0.5, width: 0.5, height: 0.5 });
  expect(found!.x).toBeCloseTo(0.55);
  expect(found!.y).toBeCloseTo(0.6);
  expect(found!.width).toBeCloseTo(0.15);
});

test('scores that tell nothing are left out', () => {
  expect(decodeDetections(output([[0, PERSON, -2.3]]), anchors, WHOLE)).toEqual([]);
});

test('of overlapping boxes with one label the best is kept, of two labels both', () => {
  const box = { x: 0, y: 0, width: 0.5, height: 0.5 };
  const kept = suppressOverlaps([
    { ...box, label: 'person', score: 0.5 },
    { ...box, x: 0.05, label: 'person', score: 0.9 },
    { ...box, label: 'dog', score: 0.3 },
    { ...box, x: 0.5, label: 'person', score: 0.2 },
  ]);
  expect(kept.map(({ label, score }) => [label, score])).toEqual([
    ['person', 0.9],
    ['dog', 0.3],
    ['person', 0.2],
  ]);
});
