import { expect, test, vi } from 'vitest';
import { createAdaptiveDetector } from '../../../src/domain/motion/adaptive-detector.js';
import type { Gray } from '../../../src/domain/motion/judgement.js';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import { shareWithin } from '../../../src/domain/recognition/boxes.js';
import { recognitionRule } from '../../../src/domain/recognition/recognition-rule.js';
import type { LookAnswer } from '../../../src/pipelines/detector/recognise.js';
import { watchRoom } from '../../../src/pipelines/detector/watch-room.js';
import { drawFrames } from '../../support/films/film.js';
import { drawRoom, roomWithPeople, type Pose } from '../../support/films/room.js';

vi.setConfig({ testTimeout: 120_000 });

const size = { width: 160, height: 120 };
const background = drawRoom(size, 7);
const lookSeconds = 0.2;

type Visitor = {
  readonly pose: (at: number) => Pose | undefined;
  readonly label: 'person' | 'cat';
  readonly score: number;
};

/** What a model would find: whoever of the visitors the crop shows, with the visitor's score. */
function found({ pose, label, score }: Visitor, at: number): Detection[] {
  const where = pose(at);
  if (where === undefined) return [];
  const { x, y, tall } = where;
  const left = Math.max(0, x - 0.13 * tall);
  const width = Math.min(1, x + 0.13 * tall) - left;
  return width <= 0 ? [] : [{ x: left, y: y - tall, width, height: tall, label, score }];
}

/** The seconds at which the room changes its status, with the drawn film judged by the detector and looks answered from the drawing. */
async function statuses(seconds: number, visitor: Visitor, light = 1): Promise<string[]> {
  const film = { ...size, fps: 5, seconds, seed: 5 };
  const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
  const changes: string[] = [];
  let pending: LookAnswer | undefined;
  const scene = roomWithPeople(size, background, [visitor.pose], () => light);
  async function* inputs() {
    yield { kind: 'opened', at: 0, ...size } as const;
    for (const { at, gray } of drawFrames({ ...film, scene })) {
      if (pending !== undefined && at >= pending.order.at + lookSeconds) {
        const answer = pending;
        pending = undefined;
        yield answer;
      }
      yield { kind: 'frame', at, image: gray, dropped: 0 } as const;
      await Promise.resolve();
    }
  }
  await watchRoom<Gray>(
    {
      inputs: inputs(),
      detector: {
        ...detector,
        analysisSeconds: 0,
        analysed: () => true,
        update: () => undefined,
        reset: () => undefined,
        close: () => undefined,
      },
      recognition: {
        rule: () => recognitionRule(['person'], []),
        furniture: [],
        beginLook(order) {
          const detections = found(visitor, order.at).filter((one) => shareWithin(one, order.crop) > 0.8);
          pending = { kind: 'looked', order, look: { at: order.at, crop: order.crop, detections } };
        },
        observeLook: () => undefined,
        observeFurniture: () => undefined,
      },
      rule: () => ({
        ...{ room: 'hall', armed: true, warmupSeconds: 2.5, framesToMove: 2, secondsToMove: 0.4 },
        ...{ vacancySeconds: 20, minSecondsBetweenSnapshots: 3, zones: [] },
      }),
      newId: () => '01900000-0000-7000-8000-000000000001',
      perform(effects) {
        for (const effect of effects)
          if (effect.kind === 'room_status') {
            const { status, at } = effect.status;
            if (!changes.at(-1)?.startsWith(status)) changes.push(`${status} ${Math.floor(Date.parse(at) / 1000)}`);
          }
        return Promise.resolve();
      },
      observe: () => undefined,
      handleCameraEvent: () => undefined,
    },
    0,
  );
  return changes;
}

/** Walks in at 15 s, reaches the middle, and walks out from `leaves` on. */
const visit = (leaves: number, tall: number) => (at: number) => {
  if (at < 15 || at > leaves + 4) return undefined;
  const way = at < 19 ? (at - 15) / 4 : at < leaves ? 1 : 1 - (at - leaves) / 4;
  return { x: -0.15 + 0.7 * way, y: 0.97, tall, ...(way < 1 && { stride: at }) };
};

test('a cat walks through an empty room, and the room stays empty', async () => {
  expect(await statuses(60, { pose: visit(25, 0.3), label: 'cat', score: 0.6 })).toEqual(['unoccupied 2']);
});

test('a person who walks in and out occupies it, until the last looks find nobody', async () => {
  const [, occupied, unoccupied, ...more] = await statuses(80, { pose: visit(25, 0.6), label: 'person', score: 0.7 });
  expect(occupied).toMatch(/^occupied 1[56]$/);
  expect(unoccupied).toMatch(/^unoccupied (4[6-9]|5[01])$/);
  expect(more).toEqual([]);
});

test.each([0.7, 0.4])('somebody who fell asleep at the desk is held without any motion (score %d)', async (score) => {
  const changes = await statuses(240, { pose: visit(1000, 0.6), label: 'person', score });
  expect(changes).toHaveLength(2);
  expect(changes[1]).toMatch(/^occupied 1[5-9]$/);
});

test.each([0.8, 0.4])('somebody who sleeps from the first frame is found (score %d)', async (score) => {
  const asleep = (): Pose => ({ x: 0.5, y: 0.8, tall: 0.4 });
  const changes = await statuses(40, { pose: asleep, label: 'person', score });
  expect(changes.at(-1)).toMatch(/^occupied [0-5]$/);
});
