import { expect, test } from 'vitest';
import { watchCamera, type Connection } from '../../../src/adapters/camera/live-camera.js';

type Image = { readonly width: number; readonly height: number; readonly n: number; release(): void };
const rule = { fps: 1000, stallSeconds: 0.3 };

/** A camera controlled by the test: it delivers what `send` is given, and knows which images are not released yet. */
function fakeCamera() {
  const queue: (Image | undefined | Error)[] = [];
  const loaned = new Set<number>();
  let wake = () => {};
  let closed = 0;
  const send = (...items: (Image | undefined | Error)[]) => {
    queue.push(...items);
    wake();
  };
  const image = (n: number, width = 4, height = 3): Image => {
    return { width, height, n, release: () => loaned.delete(n) };
  };
  let grabbed: Image | undefined;
  const connection: Connection<Image> = {
    width: 4,
    height: 3,
    async grab() {
      while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const item = queue.shift();
      if (item instanceof Error) throw item;
      grabbed = item;
      return item !== undefined;
    },
    take() {
      loaned.add(grabbed!.n);
      return grabbed!;
    },
    close: () => void closed++,
  };
  return { connection, send, image, loaned, closed: () => closed };
}

/** Lets everything run that is ready to run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('the newest frame is passed on, the others are counted, and all are released', async () => {
  const { connection, send, image, loaned, closed } = fakeCamera();
  const stop = new AbortController();
  const events = watchCamera(() => Promise.resolve(connection), rule, stop.signal);
  expect((await events.next()).value).toMatchObject({ kind: 'opened', width: 4, height: 3 });
  send(image(1));
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 1 }, dropped: 0 });
  for (let n = 2; n <= 5; n++) {
    send(image(n));
    // Each in a millisecond of its own, so that 1000 fps lets all of them pass.
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(loaned).toEqual(new Set([1, 5]));
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 5 }, dropped: 3 });
  expect(loaned).toEqual(new Set([5]));
  const next = events.next();
  stop.abort();
  expect((await next).done).toBe(true);
  expect(loaned.size).toBe(0);
  expect(closed()).toBe(1);
});

test('no more frames per second than the rule allows', async () => {
  const { connection, send, image } = fakeCamera();
  const stop = new AbortController();
  const slow = watchCamera(() => Promise.resolve(connection), { fps: 1, stallSeconds: 5 }, stop.signal);
  await slow.next();
  send(image(1));
  expect((await slow.next()).value).toMatchObject({ image: { n: 1 } });
  send(image(2), image(3));
  const next = slow.next();
  await settle();
  stop.abort();
  expect((await next).done).toBe(true);
});

test('a frame of another size comes after `resized`', async () => {
  const { connection, send, image } = fakeCamera();
  const events = watchCamera(() => Promise.resolve(connection), rule, new AbortController().signal);
  await events.next();
  send(image(1, 8, 6));
  expect((await events.next()).value).toMatchObject({ kind: 'resized', width: 8, height: 6 });
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 1 } });
  await events.return();
});

test.each([
  ['ends', undefined],
  ['breaks', new Error('cable cut')],
] as const)(
  'after a break shorter than the stall time the frames go on without an event: a camera that %s',
  async (_, last) => {
    const first = fakeCamera();
    const second = fakeCamera();
    const connections = [first.connection, second.connection];
    const events = watchCamera(
      () => Promise.resolve(connections.shift()!),
      { fps: 1000, stallSeconds: 60 },
      new AbortController().signal,
    );
    await events.next();
    first.send(first.image(1));
    await events.next();
    first.send(last);
    second.send(second.image(2));
    expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 2 } });
    expect(first.closed()).toBe(1);
    // In a millisecond of its own, so that 1000 fps lets it pass.
    await new Promise((resolve) => setTimeout(resolve, 3));
    second.send(second.image(3, 8, 6));
    expect((await events.next()).value).toMatchObject({ kind: 'resized', width: 8, height: 6 });
    await events.return();
  },
);

test.each([
  ['ends', undefined, 'the stream ended'],
  ['breaks', new Error('cable cut'), 'cable cut'],
  ['stalls', 'nothing', 'no frame for 0.3 s'],
] as const)('a camera that %s and is not back in time is lost, and opened again', async (_, last, why) => {
  const first = fakeCamera();
  const second = fakeCamera();
  let answer: (connection: Connection<Image>) => void = () => undefined;
  const connections = [
    Promise.resolve(first.connection),
    new Promise<Connection<Image>>((resolve) => (answer = resolve)),
  ];
  const events = watchCamera(() => connections.shift()!, rule, new AbortController().signal);
  await events.next();
  if (last !== 'nothing') first.send(last);
  // It comes while the next connection is awaited.
  expect((await events.next()).value).toMatchObject({ kind: 'lost', why });
  expect(first.closed()).toBe(1);
  answer(second.connection);
  expect((await events.next()).value).toMatchObject({ kind: 'opened' });
  if (last === 'nothing') {
    // A frame that the hanging read still delivers is released, and is not a frame of the new connection.
    first.send(first.image(7));
    await settle();
    expect(first.loaned.size).toBe(0);
  }
  await events.return();
});

test('a camera that is connected again but sends no frame in time is lost, and opened by its first frame', async () => {
  const first = fakeCamera();
  const second = fakeCamera();
  const connections = [first.connection, second.connection];
  const slow = { fps: 1000, stallSeconds: 0.8 };
  const events = watchCamera(
    () => Promise.resolve(connections.shift()!),
    slow,
    new AbortController().signal,
    () => 1,
  );
  await events.next();
  first.send(undefined);
  expect((await events.next()).value).toMatchObject({ kind: 'lost', why: 'the stream ended' });
  second.send(second.image(2));
  expect((await events.next()).value).toMatchObject({ kind: 'opened' });
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 2 } });
  await events.return();
});

test('a repeated reason is reported once, and the pauses between the attempts grow', async () => {
  const attempts: number[] = [];
  const stop = new AbortController();
  const connect = () => {
    attempts.push(performance.now());
    if (attempts.length === 4) stop.abort();
    return Promise.reject(new Error('no route'));
  };
  const events: unknown[] = [];
  for await (const event of watchCamera(connect, rule, stop.signal, () => 1)) events.push(event);
  expect(events).toMatchObject([{ kind: 'lost', why: 'no route' }]);
  const [one, two, three] = attempts.slice(1).map((at, n) => (at - attempts[n]!) / 1000);
  // The longest jitter halves the pauses of 0.5, 1 and 2 s.
  expect(one).toBeGreaterThan(0.24);
  expect(two).toBeGreaterThan(0.49);
  expect(three).toBeGreaterThan(0.99);
  expect(three).toBeLessThan(1.9);
});

test('a stop ends the pause before the next attempt', async () => {
  const stop = new AbortController();
  const events = watchCamera(() => Promise.reject(new Error('no route')), rule, stop.signal);
  await events.next();
  const next = events.next();
  const startedAt = performance.now();
  stop.abort();
  expect((await next).done).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(200);
});

test.each(['opened', 'frame', 'lost'] as const)(
  'a stop that comes while `%s` is handled is not missed',
  async (kind) => {
    const { connection, send, image, loaned, closed } = fakeCamera();
    const stop = new AbortController();
    // No jitter: the camera is lost before it is opened again.
    const events = watchCamera(
      () => Promise.resolve(connection),
      rule,
      stop.signal,
      () => 0,
    );
    send(image(1), undefined);
    let event = (await events.next()).value;
    while (event?.kind !== kind) event = (await events.next()).value;
    stop.abort();
    expect((await events.next()).done).toBe(true);
    expect(loaned.size).toBe(0);
    expect(closed()).toBe(1);
  },
);
