import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { i420Picture } from '../../../src/adapters/opencv/picture.js';
import { openRpicamCamera } from '../../../src/adapters/camera/rpicam-camera.js';
import { collect } from '../../support/camera-events.js';
import { pixel } from '../../support/mat.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  await copyFile('test/support/fake-rpicam-vid.mjs', join(dir, 'rpicam-vid'));
  await chmod(join(dir, 'rpicam-vid'), 0o755);
});
afterAll(() => rm(dir, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const options = { resolution: [640, 480], fps: 20, stallSeconds: 2, arguments: [] } as const;

function open(fake: string, changed: Partial<typeof options> | object = {}, stride = '64') {
  vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
  vi.stubEnv('FAKE', fake);
  vi.stubEnv('FAKE_STRIDE', stride);
  return (signal: AbortSignal) => openRpicamCamera({ ...options, ...changed }, i420Picture, signal);
}

test.each([
  ['a width without padding', [640, 480], '64'],
  ['rows padded to 64 bytes', [600, 400], '64'],
  ['rows padded to 32 bytes', [600, 400], '32'],
  ['rows that are not padded', [600, 400], '2'],
  ['an odd width and height', [601, 401], '64'],
] as const)('%s', async (_, resolution, stride) => {
  const seen: unknown[] = [];
  await collect(open('', { resolution }, stride), (event, stop) => {
    if (event.kind === 'opened') seen.push([event.width, event.height]);
    if (event.kind !== 'frame') return;
    const { image } = event;
    const [width, height] = [image.width, image.height];
    // Rows are not sheared: gray at the right and lower edges, a white square on the left.
    const places = [
      pixel(image.bgr(), width - 1, height - 1),
      pixel(image.bgr(), width - 1, 0),
      pixel(image.bgr(), 2, height - 1),
    ];
    for (const [blue, green, red] of places) {
      for (const channel of [blue!, green!, red!]) expect(Math.abs(channel - 98)).toBeLessThan(4);
    }
    const { bytes, stride: step } = image.luma()!;
    expect([bytes[(height - 1) * step + width - 1], bytes[40 * step + 20]]).toEqual([100, 220]);
    stop();
  });
  expect(seen).toEqual([[resolution[0] & ~1, resolution[1] & ~1]]);
});

test('when the program dies, the camera is lost with its error message, and the program is started again', async () => {
  const events = await collect(open('die'), (event, stop, all) => {
    if (event.kind === 'frame' && all.includes('lost')) stop();
  });
  const changes = events.filter((event) => event.kind !== 'frame');
  expect(changes).toMatchObject([
    { kind: 'opened' },
    { kind: 'lost', why: 'rpicam-vid ended with status 255: ERROR: *** Camera frontend has timed out! ***' },
    { kind: 'opened' },
  ]);
});

test.each([
  ['no-camera', 'rpicam-vid ended with status 255: ERROR: *** no cameras available ***'],
  ['hang', 'no frame for 1 s'],
  ['silent', 'rpicam-vid sends no picture for 1 s'],
])('with a program that does `%s` the reason is: %s', async (fake, why) => {
  const startedAt = Date.now();
  const events = await collect(open(fake, { stallSeconds: 1, resolution: [600, 400] }), (event, stop) => {
    if (event.kind === 'lost') stop();
  });
  expect(events.at(-1)).toMatchObject({ kind: 'lost', why });
  expect(Date.now() - startedAt).toBeLessThan(4000);
});

test('further arguments are passed on, and the message about a wrong one is the reason', async () => {
  const events = await collect(open('', { arguments: ['--camera', '1'] }), (_, stop) => stop());
  expect(events).toMatchObject([{ kind: 'opened' }]);
  const wrong = await collect(open('', { arguments: ['--no-such-option'] }), (_, stop) => stop());
  expect(wrong).toMatchObject([{ kind: 'lost', why: expect.stringContaining('--no-such-option') as string }]);
});

test('without the program the reason says what to install', async () => {
  const empty = (signal: AbortSignal) => openRpicamCamera(options, i420Picture, signal);
  vi.stubEnv('PATH', '/nowhere');
  const events = await collect(empty, (_, stop) => stop());
  expect(events).toMatchObject([{ kind: 'lost', why: 'rpicam-vid is not installed (apt install rpicam-apps)' }]);
});
