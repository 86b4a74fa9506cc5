import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { framesOfClip, openClip } from '../../../src/adapters/opencv/clip.js';
import { openRecogniser } from '../../../src/adapters/opencv/recogniser.js';
import { WHOLE, iou } from '../../../src/domain/recognition/boxes.js';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import type { Region } from '../../../src/domain/motion/judgement.js';

const sample = 'assets/sample.mp4';
/** OpenCV's sample of pedestrians, from Debian's package opencv-doc. */
const pedestrians = '/usr/share/doc/opencv-doc/examples/data/vtest.avi';

/** What the model finds in one frame of a clip. */
async function look(path: string, wanted: number, crop: Region): Promise<readonly Detection[]> {
  const recogniser = openRecogniser();
  for await (const { frame, picture } of framesOfClip(await openClip(path)))
    if (frame === wanted) return await recogniser.detect(picture, crop);
  throw new Error(`${path} has no frame ${wanted}`);
}

const people = (found: readonly Detection[], least: number) =>
  found.filter(({ label, score }) => label === 'person' && score >= least);

test('the model recognises the two people in the sample, where they are, and nobody before they come', async () => {
  const found = people(await look(sample, 90, WHOLE), 0.8).toSorted((one, other) => one.x - other.x);
  expect(found).toHaveLength(2);
  expect(iou(found[0]!, { x: 0.08, y: 0.14, width: 0.17, height: 0.59 })).toBeGreaterThan(0.8);
  expect(iou(found[1]!, { x: 0.29, y: 0.16, width: 0.17, height: 0.56 })).toBeGreaterThan(0.8);
  expect(people(await look(sample, 60, WHOLE), 0.2)).toEqual([]);
});

test('a crop shows the same person at the same place of the frame', async () => {
  const crop = { x: 0.25, y: 0.05, width: 0.6, height: 0.7 };
  const [best] = people(await look(sample, 200, crop), 0.8);
  expect(iou(best!, { x: 0.48, y: 0.09, width: 0.2, height: 0.55 })).toBeGreaterThan(0.7);
});

test.runIf(existsSync(pedestrians))('small pedestrians are recognised, several at once', async () => {
  expect(people(await look(pedestrians, 100, WHOLE), 0.5).length).toBeGreaterThanOrEqual(4);
});
