import type { Look } from './detection.js';
import { isFurniture } from './furniture.js';
import type { LookOrder } from './look-schedule.js';
import { whatMoves } from './motion-evidence.js';
import { smoothedCount } from './recent-detections.js';
import type { Recognition } from './recognition.js';

/** What a look came to, for charts and counters. */
export type LookOutcome = {
  /** the time of the frame, in seconds */
  readonly at: number;
  readonly found: 'recognised' | 'not_recognised' | 'furniture' | 'failed';
  /** what was found with the highest score, if anything */
  readonly label: string | undefined;
  readonly score: number;
  readonly people: number | null;
};

/** What a look came to, given the state after it. */
export function lookOutcome(state: Recognition, order: LookOrder, look: Look | undefined): LookOutcome {
  const people = smoothedCount(state.people.map(({ length }) => length));
  const best = look?.detections.toSorted((one, other) => other.score - one.score)[0];
  const outcome = { at: order.at, label: best?.label, score: best?.score ?? 0, people };
  if (look === undefined) return { ...outcome, found: 'failed' };
  const person =
    state.places.some((place) => place.recognised && place.lastFoundAt === look.at) ||
    (state.motion !== undefined && whatMoves(state.motion) === 'occupant');
  if (person) return { ...outcome, found: 'recognised' };
  const furniture = best !== undefined && isFurniture(state.furniture, best);
  return { ...outcome, found: furniture ? 'furniture' : 'not_recognised' };
}
