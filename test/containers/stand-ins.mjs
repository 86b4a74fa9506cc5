// Base images by their real names, made of Debian's and npm's packages, where no image registry is at hand.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, debianSources, run } from './engine.mjs';

const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch];
/** The images' names; a suite is a Debian release, as in `trixie`. */
export const debian = (suite) => `docker.io/library/debian:${suite}-slim`;
export const node = (suite) => `docker.io/library/node:24-${suite}-slim`;
const mosquitto = 'docker.io/library/eclipse-mosquitto:2';

/** Makes those that are not there: Debian and Node of each suite, and mosquitto. */
export async function makeStandIns(suites = ['trixie']) {
  mkdirSync(cache, { recursive: true });
  for (const suite of suites) {
    if (!(await exists(debian(suite)))) await makeDebian(suite);
    if (!(await exists(node(suite)))) await makeNode(suite);
  }
  if (suites.includes('trixie') && !(await exists(mosquitto))) await makeMosquitto();
}

async function exists(name) {
  return run('podman', ['image', 'exists', name]).then(
    () => true,
    () => false,
  );
}

async function makeDebian(suite) {
  const tar = join(cache, `${suite}.tar`);
  const sources = join(cache, `${suite}.sources`);
  writeFileSync(sources, debianSources(suite));
  if (!existsSync(tar)) {
    await run('mmdebstrap', ['--mode=root', '--variant=minbase', `--arch=${architecture}`, suite, tar, sources]);
  }
  await run('podman', ['import', tar, debian(suite)]);
}

async function makeNode(suite) {
  const context = fresh('node');
  await run('npm', ['pack', '--silent', `node-linux-${process.arch}@24`, 'npm@10'], { cwd: context });
  const packed = readdirSync(context);
  const unpack = async (start, folder) => {
    mkdirSync(folder, { recursive: true });
    const file = packed.find((name) => name.startsWith(start));
    await run('tar', ['xzf', join(context, file), '-C', folder, '--strip-components=1']);
  };
  await unpack('node-linux', join(context, 'local'));
  await unpack('npm', join(context, 'local', 'lib', 'node_modules', 'npm'));
  const bin = '/usr/local/lib/node_modules/npm/bin';
  const links = `ln -sf ${bin}/npm-cli.js /usr/local/bin/npm && ln -sf ${bin}/npx-cli.js /usr/local/bin/npx`;
  await buildImage(
    context,
    node(suite),
    `FROM ${debian(suite)}\nCOPY local /usr/local\nRUN useradd -m -u 1000 node && ${links}\n`,
  );
}

// The real image is Alpine's; of it this one has the paths and the user.
async function makeMosquitto() {
  const context = fresh('mosquitto');
  const install = 'apt-get update && apt-get install -y --no-install-recommends mosquitto mosquitto-clients';
  const home = 'install -d -o 1883 -g 1883 /mosquitto /mosquitto/config /mosquitto/data /mosquitto/log';
  await buildImage(context, mosquitto, `FROM ${debian('trixie')}\nRUN ${install} && ${home}\nVOLUME /mosquitto/data\n`);
}

function fresh(name) {
  const context = join(cache, name);
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  return context;
}

async function buildImage(context, name, containerfile) {
  writeFileSync(join(context, 'Containerfile'), containerfile);
  await run('buildah', ['bud', '--format', 'docker', '--pull-never', '-t', name, context]);
}
