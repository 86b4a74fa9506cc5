// Base images by their real names, made of Debian's and npm's packages, where no image registry is at hand.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, debianSources, run } from './engine.mjs';

const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch];
const names = {
  debian: 'docker.io/library/debian:trixie-slim',
  node: 'docker.io/library/node:24-trixie-slim',
  mosquitto: 'docker.io/library/eclipse-mosquitto:2',
};

/** Makes those that are not there. */
export async function makeStandIns() {
  mkdirSync(cache, { recursive: true });
  if (!(await exists(names.debian))) await makeDebian();
  if (!(await exists(names.node))) await makeNode();
  if (!(await exists(names.mosquitto))) await makeMosquitto();
}

async function exists(name) {
  return run('podman', ['image', 'exists', name]).then(
    () => true,
    () => false,
  );
}

async function makeDebian() {
  const tar = join(cache, 'trixie.tar');
  const sources = join(cache, 'trixie.sources');
  writeFileSync(sources, debianSources('trixie'));
  if (!existsSync(tar)) {
    await run('mmdebstrap', ['--mode=root', '--variant=minbase', `--arch=${architecture}`, 'trixie', tar, sources]);
  }
  await run('podman', ['import', tar, names.debian]);
}

async function makeNode() {
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
    names.node,
    `FROM ${names.debian}\nCOPY local /usr/local\nRUN useradd -m -u 1000 node && ${links}\n`,
  );
}

// The real image is Alpine's; of it this one has the paths and the user.
async function makeMosquitto() {
  const context = fresh('mosquitto');
  const install = 'apt-get update && apt-get install -y --no-install-recommends mosquitto mosquitto-clients';
  const home = 'install -d -o 1883 -g 1883 /mosquitto /mosquitto/config /mosquitto/data /mosquitto/log';
  await buildImage(
    context,
    names.mosquitto,
    `FROM ${names.debian}\nRUN ${install} && ${home}\nVOLUME /mosquitto/data\n`,
  );
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
