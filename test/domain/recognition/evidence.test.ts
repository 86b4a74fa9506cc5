import { expect, test } from 'vitest';
import { accumulate } from '../../../src/domain/recognition/evidence.js';

const sum = (scores: readonly number[], drift = 0.3, most = 0.35) =>
  scores.reduce((evidence, score) => accumulate(evidence, score, drift, most), 0);

const cases = [
  ['one sure look adds no more than the most', [0.99], 0.35],
  ['doubtful looks add up', [0.45, 0.45, 0.45], 0.45],
  ['a miss wears the sum down', [0.9, 0.9, 0], 0.4],
  ['misses have a floor, so that somebody who comes is soon known', [0, 0, 0, 0, 0], -0.3],
  ['finds have a ceiling, so that somebody who goes is soon missed', Array<number>(9).fill(0.9), 1],
] as const;

test.each(cases)('%s', (_, scores, evidence) => {
  expect(sum(scores)).toBeCloseTo(evidence);
});
