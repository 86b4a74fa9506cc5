import { compareBoxes } from './tutorial-boxes.js';

/** Prints how many frames of OpenCV's sample clips have the same boxes in Python's cv2 and here; status 1 where one differs. */
const samples = '/usr/share/doc/opencv-doc/examples/data';
const clips = process.argv.length > 2 ? process.argv.slice(2) : [`${samples}/vtest.avi`, `${samples}/tree.avi`];

for (const clip of clips) {
  for (const minArea of [5000, 500]) {
    const { frames, identical, boxes } = await compareBoxes(clip, minArea);
    const line = `${clip.split('/').at(-1)}, min_area ${minArea}: ${identical} of ${frames} frames identical (${boxes} boxes)\n`;
    process.stdout.write(line);
    if (identical < frames) process.exitCode = 1;
  }
}
