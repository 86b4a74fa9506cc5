import type { Region } from '../motion/judgement.js';

/** A recognised region as pictures name it: `person 0.82`; undefined where nothing was recognised. */
export function describeRegion({ label, score }: Region): string | undefined {
  if (label === undefined) return undefined;
  return score === undefined ? label : `${label} ${score.toFixed(2)}`;
}

/** What was recognised in a picture, in few words: `2 people`, `person`, or else the likeliest thing: `cat 0.71`. */
export function describeRecognised(regions: readonly Region[]): string | undefined {
  const people = regions.filter(({ label }) => label === 'person').length;
  if (people > 0) return people === 1 ? 'person' : `${people} people`;
  const best = regions
    .filter(({ label }) => label !== undefined)
    .toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0))[0];
  return best && describeRegion(best);
}
