// `node tools/home-assistant-app.mjs IMAGE FOLDER`: writes the Home Assistant app's repository to FOLDER, with the address of a
// published image (without its tag, as in ghcr.io/NAME/roomwatch-app), so that the Supervisor downloads it and builds nothing.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [image, folder] = process.argv.slice(2);
if (folder === undefined || !/^[a-z0-9][a-z0-9.:-]*(\/[a-z0-9][a-z0-9._-]*)+$/.test(image)) {
  process.stderr.write(
    'usage: node tools/home-assistant-app.mjs IMAGE FOLDER (the image in small letters, without a tag)\n',
  );
  process.exit(2);
}
cpSync(join(import.meta.dirname, '..', 'packaging', 'home-assistant'), folder, { recursive: true });
const file = join(folder, 'roomwatch', 'config.yaml');
writeFileSync(
  file,
  readFileSync(file, 'utf8').replace(/^version:.*$/m, (version) => `${version}\nimage: ${image}`),
);
