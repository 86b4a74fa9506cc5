import { footOf, type Point } from '../zones/polygon.js';
import type { Sighting, Whereabouts } from '../zones/whereabouts.js';
import { areaOf, overlap } from './boxes.js';
import { isOccupant, whatMoves } from './motion-evidence.js';
import { holds, samePlace, type Place } from './places.js';
import type { RecentDetection } from './recent-detections.js';
import { isSteady, presenceCounts, SURE, type Recognition } from './recognition.js';
import type { RecognitionRule } from './recognition-rule.js';
import { candidates, farMovers, personLike, type Mover, type Scene } from './scene.js';

/** A detection belongs to a mover where it shares this part of the smaller box. */
const BELONGS = 0.4;
/**
 * A mover stands where its detection does while that is this new. Later it has a foot of its own, unless it is only a part of
 * somebody who stays, such as the arms of a person at a desk: then it covers less than this part of the detection.
 */
const FRESH_SECONDS = { whole: 1, part: 5 };
const PART = 0.5;

/** Where the frame shows people, and what else moves; call it with the state after `watch`. */
export function whereabouts(state: Recognition, scene: Scene, rule: RecognitionRule): Whereabouts {
  const { at, vacancySeconds, moving } = scene;
  const held = state.places.filter((place) => holds(place, at, vacancySeconds));
  const found = held.filter(({ score }) => score >= SURE);
  const movers = candidates(scene).map((mover, index) => {
    const by = countsAs(mover, index, state, scene, rule);
    return { point: pointOf(mover, by, state, at), by, accepted: mover.accepted };
  });
  return {
    seen: [
      ...found.map((place): Sighting => ({ ...footOf(place), at: place.lastFoundAt, by: 'person' })),
      ...movers.flatMap(({ point, by }): readonly Sighting[] => (by === undefined ? [] : [{ ...point, at, by }])),
    ],
    moving: moving ? movers.filter(({ accepted }) => accepted).map(({ point }) => point) : [],
    held: held.map(footOf),
    present: scene.present && presenceCounts(state, rule),
    people: state.dark ? null : peopleAt(state, held, at - vacancySeconds),
  };
}

/** What a mover says of its zone, by the rules that `watch` has for the room. */
function countsAs(
  mover: Mover,
  index: number,
  state: Recognition,
  scene: Scene,
  rule: RecognitionRule,
): Sighting['by'] | undefined {
  const { motion, dark } = state;
  if (!dark && motion !== undefined && isOccupant(motion, index)) return 'person';
  const moves = scene.moving && mover.accepted;
  if (moves && (rule.anything || dark)) return 'motion';
  const what = dark || motion === undefined ? 'unknown' : whatMoves(motion);
  const walks =
    (scene.moving && personLike(scene).includes(mover)) || (scene.ready && farMovers(scene).includes(mover));
  if (walks && what !== 'other' && isSteady(state, scene.at)) return 'motion';
  return moves && what === 'unknown' ? 'presence' : undefined;
}

/** Who or what was recognised stands on a foot; what was not is where its centre of mass is. */
function pointOf(mover: Mover, by: Sighting['by'] | undefined, { recent }: Recognition, at: number): Point {
  const [detection] = recent
    .filter((one) => overlap(one, mover) >= BELONGS && isFresh(one, mover, at))
    .toSorted((one, other) => other.at - one.at || other.score - one.score);
  if (detection !== undefined) return footOf(detection);
  return by === 'person' ? footOf(mover) : mover.centre;
}

function isFresh(detection: RecentDetection, mover: Mover, at: number): boolean {
  const isPart = areaOf(mover) < PART * areaOf(detection);
  return at - detection.at <= (isPart ? FRESH_SECONDS.part : FRESH_SECONDS.whole);
}

/** Looks at something that moves elsewhere show nothing of somebody still, who is added to each of them. */
function peopleAt({ people }: Recognition, held: readonly Place[], since: number): Whereabouts['people'] {
  const still = held.filter(({ label }) => label === 'person');
  return people.map((all) => {
    const found = all.filter(({ at }) => at >= since);
    return [...found, ...still.filter((place) => !found.some((one) => samePlace(place, one)))].map(footOf);
  });
}
