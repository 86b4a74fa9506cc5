import { execFileSync } from 'node:child_process';
import { openWindow } from '../../src/adapters/opencv/window.js';
import { flatImage } from './mat.js';

// Run under Xvfb: shows a blue image, takes a screenshot (the argument names the file), presses `q`, says whether it was seen.
const window = openWindow();
const image = flatImage(320, 240, [255, 0, 0]);
for (let n = 0; n < 30; n++) if (window.show(image)) throw new Error('ended by itself');
execFileSync('import', ['-window', 'root', process.argv[2]!]);
execFileSync('/usr/bin/python3', ['test/support/press-q.py']);
let pressed = false;
for (let n = 0; n < 500 && !pressed; n++) pressed = window.show(image);
window.close();
process.stdout.write(pressed ? 'q was pressed\n' : 'nothing was pressed\n');
