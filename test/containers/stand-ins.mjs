// Base images by their real names, made of Debian's and npm's packages, where no image registry is at hand.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, debianSources, run } from './engine.mjs';

const nodeNames = { amd64: 'x64', arm64: 'arm64' };
/** Debian's name of this machine's architecture. */
export const ownArchitecture = Object.keys(nodeNames).find((name) => nodeNames[name] === process.arch);
/** The images' names; a suite is a Debian release, as in `trixie`. Those of a foreign architecture stand beside this machine's. */
export const debian = (suite, architecture) => `${registry(architecture)}/debian:${suite}-slim`;
export const node = (suite, architecture) => `${registry(architecture)}/node:24-${suite}-slim`;
const mosquitto = 'docker.io/library/eclipse-mosquitto:2';

/** Makes those that are not there: Debian and Node of each suite, and mosquitto. */
export async function makeStandIns(suites = ['trixie'], architecture = ownArchitecture) {
  mkdirSync(cache, { recursive: true });
  for (const suite of suites) {
    if (!(await exists(debian(suite, architecture)))) await makeDebian(suite, architecture);
    if (!(await exists(node(suite, architecture)))) await makeNode(suite, architecture);
  }
  const wantsBroker = suites.includes('trixie') && architecture === ownArchitecture;
  if (wantsBroker && !(await exists(mosquitto))) await makeMosquitto();
}

function registry(architecture = ownArchitecture) {
  return architecture === ownArchitecture ? 'docker.io/library' : `localhost/${architecture}`;
}

async function exists(name) {
  return run('podman', ['image', 'exists', name]).then(
    () => true,
    () => false,
  );
}

async function makeDebian(suite, architecture) {
  const tar = join(cache, architecture === ownArchitecture ? `${suite}.tar` : `${suite}-${architecture}.tar`);
  const sources = join(cache, `${suite}.sources`);
  writeFileSync(sources, debianSources(suite));
  if (!existsSync(tar)) {
    const args = ['--mode=root', '--variant=minbase', `--arch=${architecture}`, '--skip=check/qemu'];
    await run('mmdebstrap', [...args, suite, tar, sources]);
  }
  await run('podman', ['import', '--arch', architecture, tar, debian(suite, architecture)]);
}

async function makeNode(suite, architecture) {
  const context = fresh('node');
  await run('npm', ['pack', '--silent', `node-linux-${nodeNames[architecture]}@24`, 'npm@10'], { cwd: context });
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
    node(suite, architecture),
    `FROM ${debian(suite, architecture)}\nCOPY local /usr/local\nRUN useradd -m -u 1000 node && ${links}\n`,
    architecture,
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

async function buildImage(context, name, containerfile, architecture = ownArchitecture) {
  writeFileSync(join(context, 'Containerfile'), containerfile);
  await run('buildah', ['bud', '--format', 'docker', '--pull-never', '--arch', architecture, '-t', name, context]);
}
