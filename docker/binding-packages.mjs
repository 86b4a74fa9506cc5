// Prints a package.json of what the native parts are compiled from and with, at the versions of a package-lock.json.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const version = (name) => packages[`node_modules/${name}`].version;
const dependencies = {
  opencv4nodejs: `npm:${packages['node_modules/opencv4nodejs'].name}@${version('opencv4nodejs')}`,
  nan: version('nan'),
  'node-addon-api': version('node-addon-api'),
  'node-gyp': version('node-gyp'),
};
process.stdout.write(`${JSON.stringify({ private: true, dependencies }, null, 2)}\n`);
