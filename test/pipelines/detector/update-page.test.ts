import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFrameBuffer } from '../../../src/domain/page/frame-buffer.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import type { LiveView } from '../../../src/domain/page/payloads.js';
import { initialRoom } from '../../../src/domain/room/step.js';
import { createMotionHistory } from '../../../src/domain/page/history.js';
import { createPageUpdater } from '../../../src/pipelines/detector/update-page.js';

/** Stores as it is. */
const unpacked = { pack: (bytes: Uint8Array) => bytes.slice(), unpack: (bytes: Uint8Array) => bytes };

/** A room at 16 frames per second with viewers on the page. */
function roomWith(audience: {
  views?: LiveView[];
  listeners?: number;
  recordsUnwatched?: boolean;
  /** the brightness of the room */
  scene?: (at: number) => number;
  broken?: () => boolean;
  encode?: () => Promise<void>;
}) {
  const sent: string[] = [];
  const rendered: string[] = [];
  const failures: unknown[] = [];
  const history = createMotionHistory();
  const buffer = createFrameBuffer({ stepSeconds: 0.19, seconds: 120, bytes: 1e6 }, unpacked);
  let frame = 0;
  const seconds = () => frame / 16;
  const observe = createPageUpdater<string>({
    history,
    buffer,
    recordsUnwatched: audience.recordsUnwatched ?? true,
    gray: () => ({ width: 5, height: 1, pixels: new Uint8Array(5).fill(audience.scene?.(seconds()) ?? frame * 20) }),
    render: async (view, image) => {
      rendered.push(`${view} of ${image}`);
      await audience.encode?.();
      if (audience.broken?.() === true) throw new Error('cannot render');
      return Buffer.from(view);
    },
    viewers: {
      wantedViews: () => new Set(audience.views),
      sendPicture: (view) => void sent.push(`picture ${view}`),
      listenerCount: () => audience.listeners ?? 0,
      sendEvent: (event) => void sent.push(event.name),
    },
    clock: seconds,
    failed: (error) => void failures.push(error),
  });
  const room = initialRoom(0, { armed: true });
  return {
    sent,
    rendered,
    failures,
    history,
    buffer,
    async play(frames: number, judgement = calm) {
      for (let count = 0; count < frames; count++, frame++) {
        observe({ at: seconds(), judgement, room }, `frame ${frame}`);
        await setImmediate();
      }
    },
  };
}

test('while nobody watches, only the motion history and the small pictures are recorded', async () => {
  const { play, sent, rendered, history, buffer } = roomWith({});
  await play(64);
  expect(rendered).toEqual([]);
  expect(sent).toEqual([]);
  expect(buffer.frames()).toHaveLength(16);
  expect(history.read().fine.at).toHaveLength(16);
});

test('where every frame is judged in full size, the pictures are recorded only while somebody watches', async () => {
  const audience = { listeners: 0, recordsUnwatched: false };
  const { play, buffer } = roomWith(audience);
  await play(16);
  expect(buffer.frames()).toEqual([]);
  audience.listeners = 1;
  await play(16);
  expect(buffer.frames().length).toBeGreaterThan(0);
});

test('pictures are rendered of the watched views only, at most five per second', async () => {
  const { play, sent, rendered } = roomWith({ views: ['picture', 'foreground'] });
  await play(32);
  expect(rendered.filter((one) => one.startsWith('picture'))).toHaveLength(8);
  expect(rendered.filter((one) => one.startsWith('foreground'))).toHaveLength(8);
  expect(sent.filter((one) => one === 'picture picture')).toHaveLength(8);
});

test('while nothing visible changes, one picture per second is sent', async () => {
  const scene = (at: number) => (at < 4 ? 50 : at * 100);
  const { play, rendered } = roomWith({ views: ['picture'], listeners: 1, scene });
  await play(96);
  const frames = rendered.map((one) => Number(one.split(' ').at(-1)));
  expect(frames.slice(0, 5)).toEqual([0, 16, 32, 48, 64]);
  expect(frames.length - 5).toBeGreaterThanOrEqual(7);
});

test('no picture is started before the last one is encoded', async () => {
  let encoded = () => {};
  const encode = () => new Promise<void>((resolve) => (encoded = resolve));
  const { play, rendered } = roomWith({ views: ['picture'], encode });
  await play(32);
  expect(rendered).toEqual(['picture of frame 0']);
  encoded();
  await play(8);
  expect(rendered).toEqual(['picture of frame 0', 'picture of frame 33']);
});

test('a picture that cannot be rendered is reported, and the next one is rendered again', async () => {
  let broken = true;
  const { play, sent, failures } = roomWith({ views: ['picture'], broken: () => broken });
  await play(1);
  expect(failures).toEqual([new Error('cannot render')]);
  broken = false;
  await play(4);
  expect(sent).toEqual(['picture picture']);
});

test('an open page receives four moments per second', async () => {
  const { play, sent } = roomWith({ listeners: 1 });
  await play(32, { ...calm, moving: true, changed: 0.1 });
  expect(sent).toEqual(Array.from({ length: 8 }, () => 'moment'));
});

test('while nothing happens, one moment per second is sent; an event is sent at once', async () => {
  const { play, sent } = roomWith({ listeners: 1 });
  await play(48);
  expect(sent).toHaveLength(3);
  await play(4, { ...calm, moving: true, changed: 0.1 });
  expect(sent).toHaveLength(4);
  await play(4);
  expect(sent).toHaveLength(5);
  await play(12, { ...calm, regions: [{ x: 0, y: 0, width: 0.5, height: 0.5 }] });
  expect(sent).toHaveLength(8);
});

test('a change that was not counted as motion is marked', async () => {
  const { play, sent, history } = roomWith({ listeners: 1 });
  await play(1, { ...calm, suppressed: 'light_change' });
  expect(history.read().marks).toEqual([{ at: 0, kind: 'light_change' }]);
  expect(sent).toContain('mark');
});
