import { expect, test } from 'vitest';
import type { BufferedFrame } from '../../../src/domain/page/packed-frames.js';
import { calm, type Gray } from '../../../src/domain/motion/judgement.js';
import { rehearse } from '../../../src/domain/page/rehearsal.js';
import type { RehearsedRecognition } from '../../../src/domain/page/rehearsed-recognition.js';
import { motionWhereabouts } from '../../../src/domain/zones/whereabouts.js';
import type { RoomRule } from '../../../src/domain/room/state.js';

const rule: RoomRule = {
  room: 'kitchen',
  armed: false,
  warmupSeconds: 2.5,
  framesToMove: 2,
  secondsToMove: 0,
  vacancySeconds: 5,
  minSecondsBetweenSnapshots: 3,
  zones: [],
};

/** A recording at 5 frames per second; a white picture means motion, a black one none. */
const recording = (seconds: number, moving: (at: number) => boolean): BufferedFrame[] =>
  Array.from({ length: seconds * 5 }, (_, frame) => ({
    at: 1000 + frame / 5,
    gray: { width: 1, height: 1, pixels: Uint8Array.of(moving(frame / 5) ? 255 : 0) },
  }));

function rehearsed(threshold: number, frames: readonly BufferedFrame[], changed: Partial<RoomRule> = {}) {
  const times: number[] = [];
  const judge = (gray: Gray, at: number) => {
    times.push(at);
    const level = (gray.pixels[0] ?? 0) / 255;
    const regions = level > threshold ? [{ x: 0.1, y: 0.1, width: 0.2, height: 0.2 }] : [];
    return { ...calm, moving: level > threshold, changed: level, threshold, regions };
  };
  const recognise: RehearsedRecognition = (judgement, at) => ({
    judgement,
    where: motionWhereabouts(judgement, [], at),
  });
  return { ...rehearse(frames, judge, { ...rule, ...changed }, recognise), times };
}

test('a recorded visit is found, with its snapshots and its motion level', () => {
  const { visits, snapshots, timeline } = rehearsed(
    0.5,
    recording(30, (at) => at >= 10 && at < 16),
  );
  expect(visits).toEqual([{ began_at: 1010.2, ended_at: 1020.8, confirmed: false }]);
  expect(snapshots[0]).toBe(1010.2);
  expect(snapshots.length).toBeGreaterThan(1);
  expect(Math.max(...timeline.level)).toBe(1);
  expect(timeline.threshold[0]).toBe(0.5);
});

test('rules that detect no motion find no visit', () => {
  const { visits, snapshots } = rehearsed(
    1,
    recording(30, () => true),
  );
  expect([visits, snapshots]).toEqual([[], []]);
});

test('a visit that is not over at the end of the recording has no end', () => {
  const { visits } = rehearsed(
    0.5,
    recording(10, (at) => at >= 5),
  );
  expect(visits).toEqual([{ began_at: 1005.2, ended_at: null, confirmed: false }]);
});

test('the judge receives times that only go forward, without a gap', () => {
  const { times } = rehearsed(
    0.5,
    recording(20, () => false),
  );
  const steps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(Math.max(...steps)).toBeLessThan(0.5);
});

test('a zone is occupied while somebody is in it, one elsewhere never', () => {
  const left = 0.5;
  const half = (from: number) => [[from, 0], [from + left, 0], [from + left, 1], [from, 1]] as const; // prettier-ignore
  const { zones } = rehearsed(
    0.5,
    recording(30, (at) => (at >= 10 && at < 12) || at >= 26),
    { zones: [{ name: 'desk', polygon: half(0) }, { name: 'sofa', polygon: half(left) }] }, // prettier-ignore
  );
  expect(zones).toEqual([
    { zone: 'desk', stays: [{ began_at: 1010.2, ended_at: 1016.8 }, { began_at: 1026.2, ended_at: null }] }, // prettier-ignore
    { zone: 'sofa', stays: [] },
  ]);
});

test('without frames there are no visits and no timeline', () => {
  expect(rehearsed(0.5, [])).toMatchObject({ visits: [], snapshots: [], timeline: { at: [] } });
});
