import { expect, test } from 'vitest';
import { createFrameBuffer } from '../../../src/domain/page/frame-buffer.js';
import { calm } from '../../../src/domain/motion/judgement.js';
import type { LiveView } from '../../../src/domain/page/payloads.js';
import { initialRoom } from '../../../src/domain/room/step.js';
import { createMotionHistory } from '../../../src/domain/page/history.js';
import { createPageUpdater } from '../../../src/pipelines/detector/update-page.js';

/** A film at 16 frames a second before an audience. */
function cinema(audience: {
  views?: LiveView[];
  listeners?: number;
  looked?: (at: number) => boolean;
  /** what the room looks like */
  scene?: (at: number) => number;
  torn?: () => boolean;
}) {
  const said: string[] = [];
  const rendered: string[] = [];
  const failures: unknown[] = [];
  const history = createMotionHistory();
  const tape = createFrameBuffer({ stepSeconds: 0.19, seconds: 120, bytes: 1e6 });
  let frame = 0;
  const seconds = () => frame / 16;
  const observe = createPageUpdater<string>({
    history,
    buffer: tape,
    analysed: () => audience.looked?.(seconds()) ?? true,
    gray: () => ({ width: 5, height: 1, pixels: new Uint8Array(5).fill(audience.scene?.(seconds()) ?? frame * 20) }),
    render: (view, image) => {
      rendered.push(`${view} of ${image}`);
      if (audience.torn?.() === true) throw new Error('the film is torn');
      return Buffer.from(view);
    },
    viewers: {
      wantedViews: () => new Set(audience.views),
      sendPicture: (view) => void said.push(`shown ${view}`),
      listenerCount: () => audience.listeners ?? 0,
      sendEvent: (event) => void said.push(event.name),
    },
    clock: seconds,
    failed: (error) => void failures.push(error),
  });
  const room = initialRoom(0, { armed: true });
  return {
    said,
    rendered,
    failures,
    history,
    tape,
    play(frames: number, judgement = calm) {
      for (let count = 0; count < frames; count++, frame++)
        observe({ at: seconds(), judgement, room }, `frame ${frame}`);
    },
  };
}

test('with nobody there only the gauge is kept', () => {
  const { play, said, rendered, history, tape } = cinema({});
  play(64);
  expect(rendered).toEqual([]);
  expect(said).toEqual([]);
  expect(tape.frames()).toEqual([]);
  expect(history.read().fine.at).toHaveLength(16);
});

test('a picture is made of the views that are watched, at most five a second', () => {
  const { play, said, rendered } = cinema({ views: ['picture', 'foreground'] });
  play(32);
  expect(rendered.filter((one) => one.startsWith('picture'))).toHaveLength(8);
  expect(rendered.filter((one) => one.startsWith('foreground'))).toHaveLength(8);
  expect(said.filter((one) => one === 'shown picture')).toHaveLength(8);
});

test('while nothing changes to the eye, a picture a second is enough', () => {
  const scene = (at: number) => (at < 4 ? 50 : at * 100);
  const { play, rendered } = cinema({ views: ['picture'], listeners: 1, scene });
  play(96);
  const frames = rendered.map((one) => Number(one.split(' ').at(-1)));
  expect(frames.slice(0, 5)).toEqual([0, 16, 32, 48, 64]);
  expect(frames.length - 5).toBeGreaterThanOrEqual(7);
});

test('a picture is made of frames that were looked at anyway, or of any where none is', () => {
  const { play, rendered } = cinema({ views: ['picture'], looked: (at) => at < 2 && (at * 16) % 4 === 3 });
  play(64);
  const frames = rendered.map((one) => Number(one.split(' ').at(-1)));
  expect(frames.slice(1, 8)).toEqual([7, 11, 15, 19, 23, 27, 31]);
  expect(frames.filter((frame) => frame >= 32).length).toBeGreaterThanOrEqual(4);
});

test('a picture that cannot be made is told, and the next one is tried', () => {
  let torn = true;
  const { play, said, failures } = cinema({ views: ['picture'], torn: () => torn });
  play(1);
  expect(failures).toEqual([new Error('the film is torn')]);
  torn = false;
  play(4);
  expect(said).toEqual(['shown picture']);
});

test('who has the page open hears four moments a second, and the last minutes are taped for him', () => {
  const { play, said, tape } = cinema({ listeners: 1 });
  play(32, { ...calm, moving: true, changed: 0.1 });
  expect(said).toEqual(Array.from({ length: 8 }, () => 'moment'));
  expect(tape.frames().length).toBeGreaterThanOrEqual(8);
});

test('while nothing happens a moment a second is enough; what happens is heard at once', () => {
  const { play, said } = cinema({ listeners: 1 });
  play(48);
  expect(said).toHaveLength(3);
  play(4, { ...calm, moving: true, changed: 0.1 });
  expect(said).toHaveLength(4);
  play(4);
  expect(said).toHaveLength(5);
  play(12, { ...calm, regions: [{ x: 0, y: 0, width: 0.5, height: 0.5 }] });
  expect(said).toHaveLength(8);
});

test('a change that was not taken for motion is marked', () => {
  const { play, said, history } = cinema({ listeners: 1 });
  play(1, { ...calm, suppressed: 'light_change' });
  expect(history.read().marks).toEqual([{ at: 0, kind: 'light_change' }]);
  expect(said).toContain('mark');
});

test('the tape is let go of ten minutes after the last one left', () => {
  const audience = { listeners: 1 };
  const { play, tape } = cinema(audience);
  play(32);
  audience.listeners = 0;
  play(16 * 500);
  expect(tape.frames().length).toBeGreaterThan(0);
  play(16 * 110);
  expect(tape.frames()).toEqual([]);
});
