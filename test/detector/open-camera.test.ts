import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import type { Picture } from '../../src/adapters/opencv/picture.js';
import { cameraEvents } from '../../src/detector/open-camera.js';
import type { CameraEvent } from '../../src/domain/camera/camera-event.js';

async function* endedClip(): AsyncGenerator<CameraEvent<Picture>> {
  yield await Promise.resolve({ kind: 'opened', at: 0, width: 4, height: 3 } as const);
}

/** The result of `work`, or `too late` after a second. */
const inTime = (work: Promise<unknown>) =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, 1000, 'too late'))]);

test('after the end of a clip the room has no camera until the detector stops', async () => {
  const stop = new AbortController();
  const events = cameraEvents(endedClip(), stop.signal);
  expect((await events.next()).value).toMatchObject({ kind: 'opened' });
  expect((await events.next()).value).toMatchObject({ kind: 'lost', why: 'the clip has ended' });
  const next = events.next();
  await new Promise(setImmediate);
  stop.abort();
  expect(await inTime(next)).toMatchObject({ done: true });
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('a stop that comes while the last event is handled ends the events too', async () => {
  const stop = new AbortController();
  const events = cameraEvents(endedClip(), stop.signal);
  await events.next();
  await events.next();
  stop.abort();
  expect(await inTime(events.next())).toMatchObject({ done: true });
});
