import type { Judgement } from '../motion/judgement.js';
import type { TrackReport } from '../motion/motion-detector.js';
import { centreOf, type Point } from './polygon.js';

/** Somebody at a point of the frame; `at` is the time of the frame that shows it, in seconds. */
export type Sighting = Point & {
  readonly at: number;
  /** recognised there; taken for somebody, because it moves; still there, which only holds a zone that is occupied */
  readonly by: 'person' | 'motion' | 'presence';
};

/** Where somebody is or something moves in one frame, for the zones. */
export type Whereabouts = {
  readonly seen: readonly Sighting[];
  /** where something moves, whatever it is */
  readonly moving: readonly Point[];
  /** where recognised people are, as long as no look says otherwise */
  readonly held: readonly Point[];
  /** somebody still is in the room, it is not known where */
  readonly present: boolean;
  /** where people were recognised at each of the last looks; null where nothing looks */
  readonly people: readonly (readonly Point[])[] | null;
};

/** Where nothing is recognised, everything that moves counts, and stands where its centre of mass is. */
export function motionWhereabouts(
  { moving, present, regions }: Judgement,
  tracks: readonly TrackReport[],
  at: number,
): Whereabouts {
  const accepted = tracks.filter((track) => track.accepted).map(({ centre }) => centre);
  const centres = moving && accepted.length > 0 ? accepted : regions.map(centreOf);
  const seen =
    moving || present ? centres.map((centre): Sighting => ({ ...centre, at, by: moving ? 'motion' : 'presence' })) : [];
  return { seen, moving: moving ? centres : [], held: [], present, people: null };
}
