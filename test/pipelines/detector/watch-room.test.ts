import { expect, test } from 'vitest';
import type { CameraEvent } from '../../../src/domain/camera/camera-event.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import type { RoomRule } from '../../../src/domain/room/state.js';
import { noticeFrozen } from '../../../src/pipelines/detector/notice-frozen.js';
import { watchRoom } from '../../../src/pipelines/detector/watch-room.js';
import type { Control } from '../../../src/pipelines/detector/watch-room.js';

const baseRule: RoomRule = {
  room: 'hall',
  armed: true,
  warmupSeconds: 1,
  framesToMove: 2,
  secondsToMove: 0,
  vacancySeconds: 5,
  minSecondsBetweenSnapshots: 3,
  zones: [],
};
const id = '01900000-0000-7000-8000-000000000001';

/** Runs a short film of images named `move` or `calm` and notes what the pipeline does with them. */
async function watch(film: (CameraEvent<string> | Control)[], rule: () => RoomRule = () => baseRule) {
  const notebook: string[] = [];
  await watchRoom<string>(
    {
      // eslint-disable-next-line @typescript-eslint/require-await
      inputs: (async function* () {
        yield* film;
      })(),
      detector: {
        analysisSeconds: 0,
        judge(image, at) {
          notebook.push(`judged at ${at}`);
          return { ...calm, moving: image === 'move' };
        },
        analysed: () => true,
        tracks: () => [],
        brightness: () => 100,
        guide: () => undefined,
        inspect: () => undefined,
        update: () => undefined,
        reset: () => notebook.push('forgot the scene'),
        close: () => undefined,
      },
      rule,
      newId: () => id,
      perform(effects, image) {
        for (const effect of effects)
          notebook.push(`${effect.kind}${effect.kind === 'snapshot' ? ` of ${image}` : ''}`);
        return Promise.resolve();
      },
      observe: () => undefined,
      handleCameraEvent: (event) => void (event.kind === 'lost' && notebook.push('camera lost')),
    },
    0,
  );
  return notebook;
}

const opened = { kind: 'opened', at: 0, width: 4, height: 3 } as const;
const frame = (at: number, image: string) => ({ kind: 'frame', at, image, dropped: 0 }) as const;

test('frames go in, effects come out, with the very frame that caused them', async () => {
  expect(await watch([opened, frame(1, 'calm'), frame(2, 'move'), frame(3, 'move')])).toEqual([
    'forgot the scene',
    'judged at 1',
    'room_status',
    'judged at 2',
    'judged at 3',
    'motion',
    'room_status',
    'snapshot of move',
  ]);
});

test('a requested snapshot is taken of the next frame; without a camera the request is dropped', async () => {
  const request = { kind: 'snapshot_requested' } as const;
  expect(await watch([request, opened, frame(1, 'calm'), request, frame(2, 'calm')])).toEqual([
    'forgot the scene',
    'judged at 1',
    'room_status',
    'judged at 2',
    'snapshot of calm',
  ]);
});

test('a disarmed room is not judged, and starts with a new scene once it is armed', async () => {
  let armed = false;
  const film = (function* (): Generator<CameraEvent<string> | Control> {
    yield opened;
    yield frame(2, 'move');
    armed = true;
    yield { kind: 'rule_changed', at: 3 };
    yield frame(3, 'calm');
    yield { kind: 'lost', at: 4, why: 'unplugged' };
  })();
  const notes = await watch(film as unknown as CameraEvent<string>[], () => ({ ...baseRule, armed }));
  expect(notes).toEqual(['forgot the scene', 'room_status', 'judged at 3', 'camera lost', 'room_status']);
});

const lostAt = (at: number) => ({ kind: 'lost', at, why: 'unplugged' }) as const;

test.each([
  ['within ten minutes keeps what the detector has learned', [lostAt(10), { ...opened, at: 500 }], 1],
  ['keeps it, too, after several reasons', [lostAt(10), lostAt(400), { ...opened, at: 500 }], 1],
  ['later does not', [lostAt(10), lostAt(400), { ...opened, at: 700 }], 2],
  ['that was not lost does not: a clip that begins again', [{ ...opened, at: 10 }], 2],
  ['at another size in mid-stream keeps it, and the visit', [{ ...opened, kind: 'resized', at: 10 }], 1],
] as const)('a camera that comes %s', async (_, film, scenes) => {
  const notes = await watch([opened, frame(2, 'move'), frame(3, 'move'), frame(4, 'move'), ...film]);
  expect(notes.filter((note) => note === 'forgot the scene')).toHaveLength(scenes);
  if (film[0].kind === 'resized') expect(notes.at(-1)).toBe('snapshot of move');
});

test('a frozen picture makes the room unknown and is not judged; the next one goes on with the same scene', async () => {
  const film = [opened, frame(1, 'calm'), frame(2, 'calm'), frame(3, 'calm'), frame(4, 'move'), frame(5, 'move')];
  const events = noticeFrozen(
    // eslint-disable-next-line @typescript-eslint/require-await
    (async function* () {
      yield* film;
    })(),
    (_, at) => at === 2 || at === 3,
  );
  const kinds: string[] = [];
  const inputs: CameraEvent<string>[] = [];
  for await (const event of events) {
    kinds.push(event.kind);
    inputs.push(event);
  }
  expect(kinds).toEqual(['opened', 'frame', 'frozen', 'frame', 'frame', 'thawed', 'frame', 'frame']);
  expect(await watch(inputs)).toEqual([
    'forgot the scene',
    'judged at 1',
    'room_status',
    'room_status',
    'room_status',
    'judged at 4',
    'room_status',
    'judged at 5',
  ]);
});
