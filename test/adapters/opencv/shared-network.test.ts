import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { framesOfClip, openClip } from '../../../src/adapters/opencv/clip.js';
import type { Network } from '../../../src/adapters/opencv/network.js';
import { openNetwork } from '../../../src/adapters/opencv/network.js';
import type { Picture } from '../../../src/adapters/opencv/picture.js';
import { openRecogniser, openSharedRecogniser } from '../../../src/adapters/opencv/recogniser.js';
import { serveNetwork } from '../../../src/adapters/opencv/shared-network.js';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function withPicture<T>(use: (picture: Picture) => Promise<T>): Promise<T> {
  for await (const { frame, picture } of framesOfClip(await openClip('assets/sample.mp4')))
    if (frame === 200) return await use(picture);
  throw new Error('the clip is too short');
}

test('several recognisers share one model, and find what each would find with its own', async () => {
  const path = join(temporaryFolder(), 'model');
  const server = await serveNetwork(openNetwork(), path);
  onTestFinished(() => server.close());
  const crop = { x: 0.25, y: 0.05, width: 0.6, height: 0.7 };
  await withPicture(async (picture) => {
    const own = openRecogniser();
    const [one, other] = [openSharedRecogniser(path), openSharedRecogniser(path)];
    const [whole, part] = await Promise.all([one.detect(picture, WHOLE), other.detect(picture, crop)]);
    expect(whole).toEqual(await own.detect(picture, WHOLE));
    expect(part).toEqual(await own.detect(picture, crop));
    expect(part.length).toBeGreaterThan(0);
    expect(await one.detect(picture, crop)).toEqual(part);
  });
});

test('a look fails while the process with the model is gone, or when the model fails, and works afterwards', async () => {
  const path = join(temporaryFolder(), 'model');
  const recogniser = openSharedRecogniser(path);
  const failing: Network = { detect: () => Promise.reject(new Error('no memory')) };
  const finding: Network = { detect: () => Promise.resolve([]) };
  await withPicture(async (picture) => {
    await expect(recogniser.detect(picture, WHOLE)).rejects.toThrow('does not answer');
    const first = await serveNetwork(failing, path);
    await expect(recogniser.detect(picture, WHOLE)).rejects.toThrow('no memory');
    await first.close();
    const second = await serveNetwork(finding, path);
    onTestFinished(() => second.close());
    await expect.poll(() => recogniser.detect(picture, WHOLE).catch(() => 'failed')).toEqual([]);
  });
});
