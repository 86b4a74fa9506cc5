import { expect, test } from 'vitest';
import type { BufferedFrame } from '../../../src/domain/page/packed-frames.js';
import { calm, type Gray } from '../../../src/domain/motion/judgement.js';
import { rehearse } from '../../../src/domain/page/rehearsal.js';
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

function rehearsed(threshold: number, frames: readonly BufferedFrame[]) {
  const times: number[] = [];
  const judge = (gray: Gray, at: number) => {
    times.push(at);
    const changed = (gray.pixels[0] ?? 0) / 255;
    return { ...calm, moving: changed > threshold, changed, threshold };
  };
  return { ...rehearse(frames, judge, rule), times };
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

test('without frames there are no visits and no timeline', () => {
  expect(rehearsed(0.5, [])).toMatchObject({ visits: [], snapshots: [], timeline: { at: [] } });
});
