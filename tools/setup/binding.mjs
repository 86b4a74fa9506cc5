import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildWithGyp, readSources } from './gyp.mjs';
import { nodeModules, nodeModulesIsLink, root } from './paths.mjs';
import { run, step } from './progress.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const recipe = join(root, 'native', 'opencv');
const built = join(recipe, 'build', 'Release');
const wanted = join(nodeModules, 'opencv4nodejs', 'build', 'Release');
const stamp = join(recipe, 'build', 'stamp.json');

/**
 * Builds the OpenCV binding for this Node and this OpenCV, and puts it where `opencv4nodejs` has its own. The `full` form
 * besides has windows and video files, and needs GTK or Qt.
 */
export function ensureBinding(opencvVersion, { full = true } = {}) {
  if (nodeModulesIsLink()) return;
  const names = full ? ['opencv4nodejs.node', 'opencv4nodejs-full.node'] : ['opencv4nodejs.node'];
  const inputs = hashOf(
    [process.versions.modules, process.arch, opencvVersion, full].join(' '),
    ...readSources(recipe),
    readFileSync(join(nodeModules, 'opencv4nodejs', 'package.json')),
    readFileSync(join(nodeModules, 'nan', 'package.json')),
  );
  const last = readStamp(stamp);
  if (last?.inputs === inputs && last.copy === fingerprint(names)) return;
  if (last?.inputs !== inputs || !names.every((name) => existsSync(join(built, name)))) {
    step('building the OpenCV binding', 'a minute on a PC, up to six on a Raspberry Pi 4', () =>
      buildWithGyp(recipe, 'the OpenCV binding did not build:', `--full=${full ? 1 : 0}`),
    );
  }
  for (const name of names) install(name);
  writeStamp(stamp, { inputs, copy: fingerprint(names) });
}

function install(name) {
  const place = join(wanted, name);
  mkdirSync(wanted, { recursive: true });
  // Renamed into place: a process that runs keeps the file it has loaded.
  copyFileSync(join(built, name), `${place}.new`);
  renameSync(`${place}.new`, place);
  run(process.execPath, ['-e', `require(${JSON.stringify(place)})`], {
    problem: 'the OpenCV binding was built but does not load. Remove native/opencv/build and try again.',
  });
}

function fingerprint(names) {
  const seen = names.map((name) => statSync(join(wanted, name), { throwIfNoEntry: false }));
  return seen.map((file) => file && `${file.size} ${file.mtimeMs}`).join(' ');
}
