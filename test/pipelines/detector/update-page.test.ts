import { expect, test } from 'vitest';
import { createFrameBuffer } from '../../../src/domain/page/frame-buffer.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import type { LiveView } from '../../../src/domain/page/payloads.js';
import { initialRoom } from '../../../src/domain/room/step.js';
import { createMotionHistory } from '../../../src/domain/page/history.js';
import { createPageUpdater } from '../../../src/pipelines/detector/update-page.js';

/** A room at 16 frames per second with viewers on the page. */
function roomWith(audience: {
  views?: LiveView[];
  listeners?: number;
  looked?: (at: number) => boolean;
  /** the brightness of the room */
  scene?: (at: number) => number;
  broken?: () => boolean;
}) {
  const sent: string[] = [];
  const rendered: string[] = [];
  const failures: unknown[] = [];
  const history = createMotionHistory();
  const buffer = createFrameBuffer({ stepSeconds: 0.19, seconds: 120, bytes: 1e6 });
  let frame = 0;
  const seconds = () => frame / 16;
  const observe = createPageUpdater<string>({
    history,
    buffer,
    analysed: () => audience.looked?.(seconds()) ?? true,
    gray: () => ({ width: 5, height: 1, pixels: new Uint8Array(5).fill(audience.scene?.(seconds()) ?? frame * 20) }),
    render: (view, image) => {
      rendered.push(`${view} of ${image}`);
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
    play(frames: number, judgement = calm) {
      for (let count = 0; count < frames; count++, frame++)
        observe({ at: seconds(), judgement, room }, `frame ${frame}`);
    },
  };
}

test('while nobody watches, only the motion history is recorded', () => {
  const { play, sent, rendered, history, buffer } = roomWith({});
  play(64);
  expect(rendered).toEqual([]);
  expect(sent).toEqual([]);
  expect(buffer.frames()).toEqual([]);
  expect(history.read().fine.at).toHaveLength(16);
});

test('pictures are rendered of the watched views only, at most five per second', () => {
  const { play, sent, rendered } = roomWith({ views: ['picture', 'foreground'] });
  play(32);
  expect(rendered.filter((one) => one.startsWith('picture'))).toHaveLength(8);
  expect(rendered.filter((one) => one.startsWith('foreground'))).toHaveLength(8);
  expect(sent.filter((one) => one === 'picture picture')).toHaveLength(8);
});

test('while nothing visible changes, one picture per second is sent', () => {
  const scene = (at: number) => (at < 4 ? 50 : at * 100);
  const { play, rendered } = roomWith({ views: ['picture'], listeners: 1, scene });
  play(96);
  const frames = rendered.map((one) => Number(one.split(' ').at(-1)));
  expect(frames.slice(0, 5)).toEqual([0, 16, 32, 48, 64]);
  expect(frames.length - 5).toBeGreaterThanOrEqual(7);
});

test('pictures are rendered of analysed frames, or of any frame while none is analysed', () => {
  const { play, rendered } = roomWith({ views: ['picture'], looked: (at) => at < 2 && (at * 16) % 4 === 3 });
  play(64);
  const frames = rendered.map((one) => Number(one.split(' ').at(-1)));
  expect(frames.slice(1, 8)).toEqual([7, 11, 15, 19, 23, 27, 31]);
  expect(frames.filter((frame) => frame >= 32).length).toBeGreaterThanOrEqual(4);
});

test('a picture that cannot be rendered is reported, and the next one is rendered again', () => {
  let broken = true;
  const { play, sent, failures } = roomWith({ views: ['picture'], broken: () => broken });
  play(1);
  expect(failures).toEqual([new Error('cannot render')]);
  broken = false;
  play(4);
  expect(sent).toEqual(['picture picture']);
});

test('an open page receives four moments per second, and the last minutes are buffered for it', () => {
  const { play, sent, buffer } = roomWith({ listeners: 1 });
  play(32, { ...calm, moving: true, changed: 0.1 });
  expect(sent).toEqual(Array.from({ length: 8 }, () => 'moment'));
  expect(buffer.frames().length).toBeGreaterThanOrEqual(8);
});

test('while nothing happens, one moment per second is sent; an event is sent at once', () => {
  const { play, sent } = roomWith({ listeners: 1 });
  play(48);
  expect(sent).toHaveLength(3);
  play(4, { ...calm, moving: true, changed: 0.1 });
  expect(sent).toHaveLength(4);
  play(4);
  expect(sent).toHaveLength(5);
  play(12, { ...calm, regions: [{ x: 0, y: 0, width: 0.5, height: 0.5 }] });
  expect(sent).toHaveLength(8);
});

test('a change that was not counted as motion is marked', () => {
  const { play, sent, history } = roomWith({ listeners: 1 });
  play(1, { ...calm, suppressed: 'light_change' });
  expect(history.read().marks).toEqual([{ at: 0, kind: 'light_change' }]);
  expect(sent).toContain('mark');
});

test('the buffer is cleared ten minutes after the last page was closed', () => {
  const audience = { listeners: 1 };
  const { play, buffer } = roomWith(audience);
  play(32);
  audience.listeners = 0;
  play(16 * 500);
  expect(buffer.frames().length).toBeGreaterThan(0);
  play(16 * 110);
  expect(buffer.frames()).toEqual([]);
});
