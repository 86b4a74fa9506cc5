import { expect, test } from 'vitest';
import { calm, type Gray } from '../../../src/domain/motion/judgement.js';
import type { BackgroundHints, TrackReport } from '../../../src/domain/motion/motion-detector.js';
import type { BufferedLook } from '../../../src/domain/page/frame-buffer.js';
import type { BufferedFrame } from '../../../src/domain/page/packed-frames.js';
import { rehearse } from '../../../src/domain/page/rehearsal.js';
import { createRehearsedRecognition } from '../../../src/domain/page/rehearsed-recognition.js';
import type { Furniture } from '../../../src/domain/recognition/furniture.js';
import type { Label, Occupant } from '../../../src/domain/recognition/labels.js';
import { moverIn } from '../recognition/scenes.js';
import { centreOf } from '../../../src/domain/zones/polygon.js';
import { recognitionRule } from '../../../src/domain/recognition/recognition-rule.js';
import type { RoomRule } from '../../../src/domain/room/state.js';

const rule: RoomRule = {
  room: 'kitchen',
  armed: true,
  warmupSeconds: 0,
  framesToMove: 2,
  secondsToMove: 0,
  vacancySeconds: 5,
  minSecondsBetweenSnapshots: 3,
  zones: [],
};
const box = { x: 0.4, y: 0.5, width: 0.2, height: 0.15 };
const whole = { x: 0, y: 0, width: 1, height: 1 };
const began = 1000;

/** Forty seconds at five frames a second; something moves from the tenth to the sixteenth. */
const moves = (at: number) => at >= began + 10 && at < began + 16;
const frames: BufferedFrame[] = Array.from({ length: 200 }, (_, n) => {
  return { at: began + n / 5, gray: { width: 160, height: 120, pixels: new Uint8Array(1) } };
});

/** The looks at what moves, one a second, each answered 0.2 s later; and at the empty room. */
function looksFinding(label: Label, score: number): BufferedLook[] {
  return Array.from({ length: 38 }, (_, n): BufferedLook => {
    const at = began + 1 + n + 0.1;
    const movers = moves(at) ? [moverIn(box)] : [];
    const detections = moves(at) ? [{ ...box, label, score }] : [];
    const order = { at, crop: whole, purpose: moves(at) ? 'motion' : 'patrol', movers } as const;
    return { answeredAt: at + 0.2, order, look: { at, crop: whole, detections } };
  });
}

function rehearsed(
  looks: readonly BufferedLook[],
  occupiedBy: readonly Occupant[],
  furniture: readonly Furniture[] = [],
  zones: RoomRule['zones'] = [],
) {
  const hints: BackgroundHints[] = [];
  let tracks: readonly TrackReport[] = [];
  const recognise = createRehearsedRecognition({
    ...{ looks, furniture, rule: recognitionRule(occupiedBy, []), vacancySeconds: rule.vacancySeconds },
    ...{ beganAt: began, frame: { width: 160, height: 120 } },
    detector: { tracks: () => tracks, brightness: () => 90, guide: (given) => void hints.push(given) },
  });
  const judge = (_gray: Gray, at: number) => {
    const moving = moves(at);
    tracks = moving ? [{ box, centre: centreOf(box), area: 0.03, changedFrames: 6, travel: 0.02, accepted: true }] : [];
    return { ...calm, moving, changed: moving ? 0.03 : 0, regions: moving ? [box] : [] };
  };
  return { ...rehearse(frames, judge, { ...rule, zones }, recognise), hints };
}

test.each([
  ['person', ['person'], 1],
  ['cat', ['person'], 0],
  ['cat', ['person', 'animal'], 1],
  ['cat', ['person', 'vehicle'], 0],
  ['cat', ['anything'], 1],
] as const)('a %s, occupied by %j: %d visits', (label, occupiedBy, count) => {
  const { visits, ignored_motions, snapshots } = rehearsed(looksFinding(label, 0.8), occupiedBy);
  expect(visits).toHaveLength(count);
  expect(ignored_motions).toBe(1 - count);
  expect(snapshots.length > 0).toBe(count === 1);
});

test('a recognised visit is confirmed and ends when the looks find nobody', () => {
  const [visit] = rehearsed(looksFinding('person', 0.8), ['person']).visits;
  expect(visit).toMatchObject({ confirmed: true });
  expect(visit!.began_at - began).toBeLessThan(11.6);
  expect(visit!.ended_at! - began).toBeGreaterThan(20);
  expect(visit!.ended_at! - began).toBeLessThan(30);
});

test('a zone is occupied by whom the looks have recognised in it', () => {
  const around = (x: number) => [[x, 0.4], [x + 0.3, 0.4], [x + 0.3, 0.8], [x, 0.8]] as const; // prettier-ignore
  const zones = [{ name: 'sofa', polygon: around(0.35) }, { name: 'door', polygon: around(0.7) }]; // prettier-ignore
  const [sofa, door] = rehearsed(looksFinding('person', 0.8), ['person'], [], zones).zones;
  expect(sofa!.stays).toHaveLength(1);
  expect(sofa!.stays[0]!.began_at - began).toBeLessThan(11.6);
  expect(door).toEqual({ zone: 'door', stays: [] });
  const [byCat] = rehearsed(looksFinding('cat', 0.8), ['person'], [], zones).zones;
  expect(byCat).toEqual({ zone: 'sofa', stays: [] });
});

test('without looks nothing is confirmed', () => {
  expect(rehearsed([], ['anything']).visits).toMatchObject([{ confirmed: false }]);
  expect(rehearsed([], ['person']).visits).toEqual([]);
});

test('what is known to be furniture is no visitor', () => {
  const coat: Furniture = { ...box, label: 'person', score: 0.8, seen: 20, missed: 0, settled: false };
  const still = Array.from({ length: 38 }, (_, n): BufferedLook => {
    const at = began + 1 + n;
    const detections = [{ ...box, label: 'person', score: 0.6 } as const];
    return {
      answeredAt: at + 0.2,
      order: { at, crop: whole, purpose: 'patrol', movers: [] },
      look: { at, crop: whole, detections },
    };
  });
  expect(rehearsed(still, ['person'], [coat]).visits).toEqual([]);
});

test('the background model learns what was recognised as something else', () => {
  const { hints } = rehearsed(looksFinding('cat', 0.8), ['person']);
  expect(hints).toHaveLength(frames.length);
  expect(hints.some(({ absorb }) => absorb.length > 0)).toBe(true);
});
