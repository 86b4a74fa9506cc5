/** What several looks in a row can add up to, so that a change is noticed within a few. */
const RANGE = { least: -0.3, most: 1 };

/**
 * Adds one look's score to what earlier looks said (CUSUM, Page 1954): scores above `drift` add up, scores below it wear
 * the sum down. A row of doubtful scores decides in the end, a single one never does.
 * @param most the most that one look adds
 */
export function accumulate(evidence: number, score: number, drift: number, most: number): number {
  const sum = evidence + Math.min(most, score - drift);
  return Math.min(RANGE.most, Math.max(RANGE.least, sum));
}
