import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWithGyp, readSources } from './gyp.mjs';
import { nodeModules, root } from './paths.mjs';
import { run, step } from './progress.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const recipe = join(root, 'native', 'video');
const built = join(recipe, 'build', 'Release', 'video.node');
const stamp = join(recipe, 'build', 'stamp.json');

/** Builds our own addon (`native/video`) for this machine's libav; package.json names the place where it is loaded from. */
export function ensureAddon() {
  const libav = run('pkg-config', ['--modversion', 'libavformat', 'libavcodec', 'libswscale'], {
    problem: 'the headers of libav are not to be found:',
  });
  // Node-API: another Node.js needs no other build.
  const inputs = hashOf(
    `${process.arch} ${libav}`,
    ...readSources(recipe),
    readFileSync(join(nodeModules, 'node-addon-api', 'package.json')),
  );
  if (readStamp(stamp)?.inputs === inputs && existsSync(built)) return;
  step('building the video addon', 'ten seconds on a PC, a minute on a Raspberry Pi 4', () =>
    buildWithGyp(recipe, 'the video addon did not build:'),
  );
  run(process.execPath, ['-e', `require(${JSON.stringify(built)})`], {
    problem: 'the video addon was built but does not load. Remove native/video/build and try again.',
  });
  writeStamp(stamp, { inputs });
}
