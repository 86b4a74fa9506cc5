// `npm run test:packages [bookworm] [trixie] [arm64]`: builds the Debian package in a clean root of each Debian, checks it with
// lintian, and installs, runs, upgrades, removes and purges it in another clean root. There is no systemd that runs in these roots.
// With `arm64` or `amd64`, for that architecture, under emulation if it is not this machine's.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toPackage } from '../../tools/setup/debian.mjs';
import { clean, openEngine, run } from '../containers/engine.mjs';
import { ensureEmulation } from '../containers/emulation.mjs';
import { debian, makeStandIns, node, ownArchitecture } from '../containers/stand-ins.mjs';

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'roomwatch-packages-'));
const isArchitecture = (word) => word === 'arm64' || word === 'amd64';
const chosen = process.argv.slice(2).filter((word) => !isArchitecture(word));
const suites = chosen.length > 0 ? chosen : ['bookworm', 'trixie'];
const architecture = process.argv.slice(2).find(isArchitecture) ?? ownArchitecture;
const notSources = /^(node_modules|dist|build|data|\.git|\.cache|.*\.deb)$/;
const sum = { passed: 0, failed: 0 };

const engine = await openEngine();
try {
  if (architecture !== ownArchitecture) await step(`emulation of ${architecture}`, () => ensureEmulation(architecture));
  await step('stand-in base images', () => makeStandIns(suites, architecture));
  for (const suite of suites) {
    const built = await step(`${suite}: the package builds, lintian finds no error`, () => buildPackage(suite));
    if (built) await step(`${suite}: it installs, runs, upgrades, and leaves nothing behind`, () => tryPackage(suite));
  }
} finally {
  engine.close();
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = sum.failed === 0 ? 0 : 1;

async function step(name, work) {
  const began = Date.now();
  try {
    const said = (await work()) ?? '';
    sum.passed += 1;
    process.stdout.write(`ok   ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}\n`);
    process.stdout.write(said.replaceAll(/^(?=.)/gm, '       '));
    return true;
  } catch (error) {
    sum.failed += 1;
    process.stdout.write(`FAIL ${name}\n${error.message}\n`);
    return false;
  }
}

async function buildPackage(suite) {
  const context = join(scratch, suite);
  mkdirSync(context);
  for (const name of readdirSync(root).filter((one) => !notSources.test(one))) {
    cpSync(join(root, name), join(context, 'checkout', name), {
      recursive: true,
      filter: (path) => !/\/build$/.test(path),
    });
  }
  writeFileSync(
    join(context, 'Containerfile'),
    `FROM ${node(suite, architecture)}
RUN apt-get update && apt-get install -y --no-install-recommends ${toPackage.join(' ')} lintian
WORKDIR /checkout
COPY checkout/package.json checkout/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY checkout/ ./
RUN npm run -s package:deb
`,
  );
  const name = `localhost/roomwatch-package-${suite}-${architecture}`;
  const platform = ['--arch', architecture];
  await run('buildah', ['bud', '--format', 'docker', '--pull-never', ...platform, '--layers', '-t', name, context]);
  const script =
    'lintian --allow-root --fail-on error --tag-display-limit 0 *.deb >&2; cp *.deb /out/; ls -l --block-size=1MB *.deb';
  return run('podman', ['run', '--rm', '-v', `${context}:/out`, name, 'sh', '-ec', script]);
}

async function tryPackage(suite) {
  const context = join(scratch, suite);
  cpSync(join(import.meta.dirname, 'install-test.sh'), join(context, 'install-test.sh'));
  const image = debian(suite, architecture);
  const args = ['run', '--rm', '-v', `${context}:/test:ro`, image, 'sh', '/test/install-test.sh'];
  return run('podman', args, { env: clean });
}
