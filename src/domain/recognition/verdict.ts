import type { Judgement } from '../motion/judgement.js';

/** What recognition says about one frame; where nothing is recognised, `motionOnly` takes its place. */
export type Verdict = {
  /**
   * why an empty room is occupied from now on: a person was recognised; motion has to be taken for a person, once it has
   * lasted; something too small to count as motion has crossed the scene like a person far away
   */
  readonly occupies: 'recognised' | 'unrecognised' | 'far' | undefined;
  /** motion or presence that counts as a person's */
  readonly sign: boolean;
  /** the time of the last sign that a look gave, in seconds; -Infinity without one */
  readonly lastSignAt: number;
  /** the room may become unoccupied once it has been quiet for long enough */
  readonly mayVacate: boolean;
  /** how many people were recognised lately; null where nothing looks */
  readonly people: number | null;
  /** whether the first snapshot of a visit waits for a look that shows the person well, and whether the last look does */
  readonly firstSnapshot: 'scheduled' | 'waits' | 'good';
};

/** Without recognition, all motion counts as a person's, and so does every sign of presence. */
export function motionOnly({ moving, present }: Judgement): Verdict {
  return {
    occupies: moving ? 'unrecognised' : undefined,
    sign: moving || present,
    lastSignAt: -Infinity,
    mayVacate: true,
    people: null,
    firstSnapshot: 'scheduled',
  };
}
