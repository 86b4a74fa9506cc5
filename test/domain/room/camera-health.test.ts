import { expect, test } from 'vitest';
import { calm } from '../../../src/domain/motion/judgement.js';
import { createCameraHealthTracker } from '../../../src/domain/room/camera-health.js';

test('frames, drops, suppressed changes and the rate are counted', () => {
  const tracker = createCameraHealthTracker();
  tracker.handleCameraEvent({ kind: 'opened', at: 100, width: 4, height: 3 });
  for (let n = 0; n < 160; n++) {
    tracker.handleCameraEvent({ kind: 'frame', at: 100 + n / 16, image: undefined, dropped: n % 2 });
    tracker.recordFrame(
      100 + n / 16,
      { ...calm, changed: 0.25, suppressed: n === 50 ? 'light_change' : undefined },
      n > 40,
    );
  }
  expect(tracker.health(110)).toEqual({
    camera: 'ok',
    fps: 16,
    frame_age_ms: 63,
    motion_level: 0.25,
    frames: 160,
    dropped_frames: 80,
    suppressed: { light_change: 1 },
  });
});

test('a lost camera has no rate, no level and no frame', () => {
  const tracker = createCameraHealthTracker();
  tracker.handleCameraEvent({ kind: 'opened', at: 0, width: 4, height: 3 });
  tracker.recordFrame(1, { ...calm, changed: 0.5 }, true);
  tracker.handleCameraEvent({ kind: 'lost', at: 12, why: 'unplugged' });
  expect(tracker.health(13)).toMatchObject({ camera: 'lost', fps: 0, frame_age_ms: null, motion_level: 0, frames: 1 });
});

test('a frozen camera is frozen until it sends new pictures', () => {
  const tracker = createCameraHealthTracker();
  tracker.handleCameraEvent({ kind: 'frozen', at: 1, why: 'the same' });
  tracker.handleCameraEvent({ kind: 'frame', at: 2, image: undefined, dropped: 0 });
  tracker.recordFrame(2, undefined, false);
  expect(tracker.health(2).camera).toBe('frozen');
  tracker.handleCameraEvent({ kind: 'thawed', at: 3 });
  tracker.recordFrame(3, undefined, true);
  expect(tracker.health(3).camera).toBe('ok');
});
