import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPictureDecoder } from '../../../src/adapters/libav/decode-picture.js';
import { testFilm } from '../../support/test-film.js';

let dir = '';
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'roomwatch-'))));
afterAll(() => rmSync(dir, { recursive: true }));
const picture = (name: string) =>
  readFileSync(testFilm(join(dir, name), 'testsrc=size=320x240', '-frames:v', '1', '-update', '1'));

test.each(['a.jpg', 'a.png'])('one picture is decoded: %s', async (name) => {
  const frame = await createPictureDecoder()(picture(name));
  expect(frame).toMatchObject({ width: 320, height: 240 });
  frame!.bgr(new Uint8Array(frame!.bgrStride * 240));
  frame!.release();
});

test('half a picture is none, unless the camera never sends a whole one', async () => {
  const whole = picture('whole.jpg');
  const half = whole.subarray(0, whole.length / 2);
  const decode = createPictureDecoder();
  for (const bytes of [half, half, half, whole, half, half, half, half, half]) {
    const frame = await decode(bytes);
    expect(frame !== undefined).toBe(bytes === whole);
    frame?.release();
  }
  const taken = await decode(half);
  expect(taken).toMatchObject({ width: 320, height: 240 });
  taken!.release();
});

test('text, nothing, and a picture that is too large are none', async () => {
  const wide = testFilm(join(dir, 'wide.jpg'), 'testsrc=size=41040x16', '-frames:v', '1', '-pix_fmt', 'yuvj420p');
  const decode = createPictureDecoder();
  for (const bytes of [Buffer.from('<html>'), Buffer.alloc(0), readFileSync(wide)]) {
    for (let n = 0; n < 7; n++) expect(await decode(bytes)).toBeUndefined();
  }
});
