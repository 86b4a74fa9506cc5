import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openCv, openFullOpenCv, promised, type Mat } from '../../../src/adapters/opencv/binding.js';
import { bundle, folderInCheckout } from '../../support/bundle.js';
import { tinyModel } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const run = promisify(execFile);

test('is loaded once, and held to one thread', () => {
  expect(openCv()).toBe(openCv());
  expect(openCv().getNumThreads()).toBe(1);
});

test('what the binding says wrong becomes an Error', async () => {
  const nothing = new (openCv().Mat)();
  await expect(promised((done) => void Reflect.apply(nothing.cvtColorAsync, nothing, [0, done]))).rejects.toThrow(
    /OpenCV Error/,
  );
});

test('after the lean form was loaded, the full one is refused', () => {
  openCv();
  expect(() => openFullOpenCv()).toThrow('loaded already');
});

test('without its binding it says what to do', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const module = await bundle('src/adapters/opencv/binding.ts', dir);
  const program = `import { openCv } from ${JSON.stringify(module)}; try { openCv() } catch (error) { console.log(error.message) }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout).toBe('OpenCV cannot be loaded (its binding is missing or broken): run `npm run setup`\n');
  await rm(dir, { recursive: true });
});

test('loading it prints nothing', async () => {
  const dir = await folderInCheckout();
  const module = await bundle('src/adapters/opencv/binding.ts', dir);
  const program = `import { openCv } from ${JSON.stringify(module)}; openCv();`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout + stderr).toBe('');
  await rm(dir, { recursive: true });
});

test('a neural network in ONNX gives several outputs, beside the event loop', async () => {
  const cv = openCv();
  const path = join(temporaryFolder(), 'tiny.onnx');
  await writeFile(path, tinyModel());
  const net = cv.readNetFromONNX(path);
  const image = new cv.Mat([[0, 1], [2, 3]], cv.CV_32FC1); // prettier-ignore
  net.setInput(cv.blobFromImage(image, 1, new cv.Size(2, 2), new cv.Vec3(1, 0, 0), false, false));
  let finished = false;
  const forward = promised<Mat[]>(
    (done) => void Reflect.apply(net.forwardAsync, net, [['positive', 'sigmoid'], done]),
  ).finally(() => (finished = true));
  expect(finished).toBe(false);
  const [positive, sigmoid] = await forward;
  const numbers = (mat: Mat) => mat.getDataAsArray().flat(3).map((value) => Math.round(value * 1000) / 1000 + 0); // prettier-ignore
  expect(numbers(positive!)).toEqual([0, 0, 1, 2]);
  expect(numbers(sigmoid!)).toEqual([-1, 0, 1, 2].map((x) => Math.round(1000 / (1 + Math.exp(-x))) / 1000));
});
