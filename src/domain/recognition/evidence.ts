/** Most that one look adds, so that no single look decides where nothing moves. */
const MOST_A_LOOK = 0.35;
/** What several looks in a row can add up to, so that a change is noticed within a few. */
const RANGE = { least: -0.5, most: 1 };

/**
 * Adds one look's score to what earlier looks said (CUSUM, Page 1954): scores above `drift` add up, scores below it wear
 * the sum down. A row of doubtful scores decides in the end, a single one never does.
 */
export function accumulate(evidence: number, score: number, drift: number): number {
  const sum = evidence + Math.min(MOST_A_LOOK, score - drift);
  return Math.min(RANGE.most, Math.max(RANGE.least, sum));
}
