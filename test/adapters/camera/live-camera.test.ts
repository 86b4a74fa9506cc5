import { expect, test } from 'vitest';
import { watchCamera, type Connection } from '../../../src/adapters/camera/live-camera.js';

type Image = { readonly width: number; readonly height: number; readonly n: number; release(): void };
const rule = { fps: 1000, stallSeconds: 0.3 };

/** A camera in the hand of the test: it sends what `send` is given, and knows which images are still out. */
function puppet() {
  const queue: (Image | undefined | Error)[] = [];
  const out = new Set<number>();
  let wake = () => {};
  let closed = 0;
  const send = (...items: (Image | undefined | Error)[]) => {
    queue.push(...items);
    wake();
  };
  const image = (n: number, width = 4, height = 3): Image => {
    return { width, height, n, release: () => out.delete(n) };
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
      out.add(grabbed!.n);
      return grabbed!;
    },
    close: () => void closed++,
  };
  return { connection, send, image, out, closed: () => closed };
}

/** Lets everything run that can run now. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('gives on the newest frame, counts the others, and releases all of them', async () => {
  const { connection, send, image, out, closed } = puppet();
  const stop = new AbortController();
  const events = watchCamera(() => Promise.resolve(connection), rule, stop.signal);
  expect((await events.next()).value).toMatchObject({ kind: 'opened', width: 4, height: 3 });
  send(image(1));
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 1 }, dropped: 0 });
  for (let n = 2; n <= 5; n++) {
    send(image(n));
    // Each in its own millisecond, as due for 1000 fps.
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(out).toEqual(new Set([1, 5]));
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 5 }, dropped: 3 });
  expect(out).toEqual(new Set([5]));
  const next = events.next();
  stop.abort();
  expect((await next).done).toBe(true);
  expect(out.size).toBe(0);
  expect(closed()).toBe(1);
});

test('no more frames a second than asked', async () => {
  const { connection, send, image } = puppet();
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

test('another size is another opening', async () => {
  const { connection, send, image } = puppet();
  const events = watchCamera(() => Promise.resolve(connection), rule, new AbortController().signal);
  await events.next();
  send(image(1, 8, 6));
  expect((await events.next()).value).toMatchObject({ kind: 'opened', width: 8, height: 6 });
  expect((await events.next()).value).toMatchObject({ kind: 'frame', image: { n: 1 } });
  await events.return();
});

test.each([
  ['ends', undefined, 'the stream ended'],
  ['breaks', new Error('cable cut'), 'cable cut'],
  ['stalls', 'nothing', 'no frame for 0.3 s'],
] as const)('a camera that %s is lost, and opened again', async (_, last, why) => {
  const first = puppet();
  const second = puppet();
  const connections = [first.connection, second.connection];
  const connect = () => Promise.resolve(connections.shift()!);
  const events = watchCamera(connect, rule, new AbortController().signal);
  await events.next();
  if (last !== 'nothing') first.send(last);
  expect((await events.next()).value).toMatchObject({ kind: 'lost', why });
  expect(first.closed()).toBe(1);
  expect((await events.next()).value).toMatchObject({ kind: 'opened' });
  if (last === 'nothing') {
    // What a hanging read still brings is released, and no frame of the new connection.
    first.send(first.image(7));
    await settle();
    expect(first.out.size).toBe(0);
  }
  await events.return();
});

test('the same reason is said once, with growing pauses between the attempts', async () => {
  const attempts: number[] = [];
  const stop = new AbortController();
  const connect = () => {
    attempts.push(performance.now());
    if (attempts.length === 4) stop.abort();
    return Promise.reject(new Error('no route'));
  };
  const said: unknown[] = [];
  for await (const event of watchCamera(connect, rule, stop.signal)) said.push(event);
  expect(said).toMatchObject([{ kind: 'lost', why: 'no route' }]);
  const [one, two, three] = attempts.slice(1).map((at, n) => (at - attempts[n]!) / 1000);
  expect(one).toBeGreaterThan(0.24);
  expect(two).toBeGreaterThan(0.49);
  expect(three).toBeGreaterThan(0.99);
  expect(three).toBeLessThan(2.5);
});

test('stops while it waits to try again', async () => {
  const stop = new AbortController();
  const events = watchCamera(() => Promise.reject(new Error('no route')), rule, stop.signal);
  await events.next();
  const next = events.next();
  const startedAt = performance.now();
  stop.abort();
  expect((await next).done).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(200);
});
