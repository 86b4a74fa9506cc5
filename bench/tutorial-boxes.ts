import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { framesOfClip, openClip } from '../src/adapters/opencv/clip.js';
import { createTutorialMotion } from '../src/adapters/opencv/tutorial-motion.js';

/** Run from the project's root. Debian's Python, which has the cv2 of the same OpenCV. */
const python = '/usr/bin/python3';

/**
 * Runs the tutorial's rendering in Python (`tutorial.py`) and ours over one clip, and counts the frames whose boxes are the
 * same to the pixel (of the 500 px wide frame). The first frame, which only begins the average, is not counted.
 */
export async function compareBoxes(clip: string, minArea: number) {
  const theirs = await boxesInPython(clip, minArea);
  const ours = await boxesHere(clip, minArea);
  const frames = Math.max(theirs.length, ours.length) - 1;
  let identical = 0;
  for (let frame = 1; frame <= frames; frame++) if (theirs[frame] === ours[frame]) identical++;
  return { frames, identical, boxes: theirs.reduce((sum, line) => sum + (JSON.parse(line) as unknown[]).length, 0) };
}

async function boxesInPython(clip: string, minArea: number): Promise<string[]> {
  const child = spawn(python, ['bench/tutorial.py', clip, '--min-area', String(minArea)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    lines.push(inOrder(JSON.parse(line) as number[][]));
  const [status] = (await ended) as [number];
  if (status !== 0) throw new Error(`${python} bench/tutorial.py ended with status ${status}`);
  return lines;
}

async function boxesHere(path: string, minArea: number): Promise<string[]> {
  const clip = await openClip(path);
  const height = Math.trunc(clip.height * (500 / clip.width));
  const motion = createTutorialMotion({ deltaThresh: 5, minArea, masks: [] });
  const lines: string[] = [];
  for await (const { picture, atSeconds } of framesOfClip(clip)) {
    const { regions } = motion.judge(picture, atSeconds, false);
    const pixels = regions.map((r) => [r.x * 500, r.y * height, r.width * 500, r.height * height].map(Math.round));
    lines.push(inOrder(pixels));
  }
  motion.close();
  return lines;
}

function inOrder(boxes: readonly (readonly number[])[]): string {
  return JSON.stringify(boxes.map((box) => JSON.stringify(box)).toSorted());
}
