// `npm run test:containers`: builds the images, brings docker/compose.yaml up, sees a picture archived, kills each service
// and sees it recover. On podman and buildah: what a Docker engine does differently is not seen here.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { compose, composeProgram, openEngine, run, start } from './engine.mjs';
import { buildApp, tryApp } from './app.mjs';
import { makeStandIns } from './stand-ins.mjs';
import { until } from './until.mjs';

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'roomwatch-compose-'));
const project = join(scratch, 'docker');
const files = ['compose.yaml', 'compose.test.yaml'];
const dropboxPort = 19_123;
const pagePort = 18_080;
const sum = { passed: 0, failed: 0 };
const megabytes = { detector: 450, uploader: 200 };
const services = ['mosquitto', 'detector', 'page', 'uploader'];

const engine = await openEngine();
const pulse = new AbortController();
try {
  await step('stand-in base images', () => makeStandIns());
  await step('the Dockerfile and the Compose file pass their linters', lint);
  for (const target of ['detector', 'uploader']) await step(`the ${target} image builds`, () => buildImage(target));
  await step('the image of the Home Assistant app builds', buildApp);
  await step('the app takes the broker from the Supervisor, keeps pictures and shows its page', () => tryApp(scratch));
  await step('the guide’s steps prepare a room', prepare);
  await step('compose up', async () => {
    tick(pulse.signal);
    await upAndWait();
  });
  await step('login dropbox stores a refresh token', login);
  await step('a snapshot is archived', () => archivesSince(0));
  await step('every service is healthy', allHealthy);
  await step('the page shows the room', showsRoom);
  await step('nobody is root, and nothing but the data can be written', hardened);
  for (const service of services) await step(`${service} is killed and all recovers`, () => killAndRecover(service));
  await step('compose down', () =>
    compose(project, files, ['--profile', 'broker', 'down', '--volumes', '--timeout', '10']),
  );
} finally {
  pulse.abort();
  if (sum.failed > 0 && existsSync(project)) {
    process.stdout.write(await compose(project, files, ['logs', '--tail', '30']).catch(() => ''));
    await compose(project, files, ['--profile', 'broker', 'down', '--volumes', '--timeout', '5']).catch(() => {});
  }
  engine.close();
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = sum.failed === 0 ? 0 : 1;

async function step(name, work) {
  if (sum.failed > 0) return;
  const began = Date.now();
  try {
    const said = await work();
    sum.passed += 1;
    const words = typeof said === 'string' && said !== '' ? `: ${said.trim()}` : '';
    process.stdout.write(`ok   ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}${words}\n`);
  } catch (error) {
    sum.failed += 1;
    process.stdout.write(`FAIL ${name}\n${error.message}\n`);
  }
}

async function lint() {
  const cwd = join(root, 'docker');
  for (const [linter, file] of [
    ['dockerfilelint@1.8.0', 'Dockerfile'],
    ['dclint@3.1.0', 'compose.yaml'],
  ]) {
    await run('npm', ['exec', '--yes', `--package=${linter}`, '--', linter.split('@')[0], file], { cwd });
  }
}

async function buildImage(target) {
  const name = `docker.io/library/roomwatch:local-${target}`;
  const dockerfile = ['-f', join(root, 'docker', 'Dockerfile'), '--target', target];
  await run('buildah', ['bud', '--format', 'docker', '--pull-never', '--layers', ...dockerfile, '-t', name, root]);
  const [image] = JSON.parse(await run('podman', ['image', 'inspect', name]));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const label = image.Labels['org.opencontainers.image.version'];
  if (label !== version) throw new Error(`the image is labelled ${label}, the package is ${version}`);
  const size = Math.round(image.Size / 1e6);
  if (size > megabytes[target]) throw new Error(`the image has ${size} MB; ${megabytes[target]} is the limit`);
  return `${size} MB`;
}

async function prepare() {
  cpSync(join(root, 'docker'), project, { recursive: true, filter: (path) => !/\/(secrets|\.env)$/.test(path) });
  cpSync(join(import.meta.dirname, 'compose.test.yaml'), join(project, 'compose.test.yaml'));
  const dropbox = join(scratch, 'dropbox.mjs');
  const entryPoints = [join(root, 'test', 'support', 'dropbox-server-cli.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: dropbox });
  const mine = {
    CAMERA: '/app/assets/sample.mp4',
    CAMERA_LOOP: 'true',
    DROPBOX_APP_KEY: 'app-key',
    DROPBOX_API_URL: 'http://dropbox:9123',
    DROPBOX_PORT: dropboxPort,
    MQTT_PORT: 18_830,
    PAGE_PORT: pagePort,
    DROPBOX_SERVER: dropbox,
  };
  const example = readFileSync(join(project, 'example.env'), 'utf8').replace(
    /^(CAMERA|DROPBOX_APP_KEY|MQTT_PORT|PAGE_PORT)=.*$/gm,
    '',
  );
  const lines = Object.entries(mine).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(project, '.env'), `${example}\n${lines.join('\n')}\n`);
  await run('sh', ['make-secrets'], { cwd: project });
  await compose(project, files, ['config', '-q']);
}

/** podman's health checks want systemd to tick them; without it, this does. */
async function tick(signal) {
  while (!signal.aborted) {
    const ids = (await run('podman', ['ps', '-q']).catch(() => '')).split('\n').filter(Boolean);
    await Promise.all(ids.map((id) => run('podman', ['healthcheck', 'run', id]).catch(() => {})));
    await wait(2000, undefined, { signal }).catch(() => {});
  }
}

async function upAndWait() {
  await compose(project, files, ['up', '-d', '--no-build']);
  await until('the detector is healthy', () => isHealthy('detector'));
}

async function login() {
  const args = files.flatMap((file) => ['-f', file]);
  const child = start(composeProgram(), [...args, 'run', '--rm', '-T', 'uploader', 'login', 'dropbox'], {
    cwd: project,
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    const url = /https?:\/\/\S+authorize\S+/.exec(said)?.[0];
    if (url !== undefined && !child.stdin.writableEnded) {
      const page = await fetch(url.replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${dropboxPort}`));
      child.stdin.end(`${/value="([^"]+)"/.exec(await page.text())?.[1]}\n`);
    }
  }
  if (!said.includes('/data/dropbox-login.json')) throw new Error(`login said:\n${said}`);
  await compose(project, files, ['restart', 'uploader']);
}

async function archived() {
  const answer = await fetch(`http://127.0.0.1:${dropboxPort}/control/state`);
  return (await answer.json()).files;
}

/** A picture taken after that moment is archived (Dropbox keeps whole seconds). */
async function archivesSince(moment) {
  const isNew = ({ client_modified }) => Date.parse(client_modified) > moment;
  await until('a new picture is archived', async () => (await archived()).some(isNew));
  const { path, size } = (await archived()).find(isNew);
  return `${path}, ${size} bytes`;
}

async function allHealthy() {
  for (const service of services) await until(`${service} is healthy`, () => isHealthy(service));
}

async function showsRoom() {
  const password = readFileSync(join(project, 'secrets', 'http_password'), 'utf8').trim();
  const headers = { authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}` };
  await until('the page shows a live picture of the room', async () => {
    const ask = (path) => fetch(`http://127.0.0.1:${pagePort}${path}`, { headers });
    const { rooms } = await (await ask('/api/overview')).json();
    const state = await ask(`/rooms/${rooms[0]?.room}/api/state`);
    return rooms.length === 1 && state.ok;
  });
}

async function isHealthy(service) {
  const id = await containerOf(service);
  if (id === '') return false;
  const [{ State }] = JSON.parse(await run('podman', ['inspect', id]));
  return State.Running && (State.Health ?? State.Healthcheck)?.Status === 'healthy';
}

async function containerOf(service) {
  const filter = [
    '--filter',
    `label=com.docker.compose.service=${service}`,
    '--filter',
    'label=com.docker.compose.oneoff=False',
  ];
  return (await run('podman', ['ps', '-q', ...filter])).trim().split('\n')[0];
}

async function hardened() {
  for (const service of services) {
    const id = await containerOf(service);
    const uid = (await run('podman', ['exec', id, 'id', '-u'])).trim();
    if (uid === '0') throw new Error(`${service} runs as root`);
    const written = await run('podman', ['exec', id, 'sh', '-c', 'touch /usr/x 2>/dev/null && echo yes || echo no']);
    if (written.trim() !== 'no') throw new Error(`${service} can write to its system`);
    const capabilities = await run('podman', ['exec', id, 'sh', '-c', 'grep CapBnd /proc/1/status']);
    if (!/\t0+\n/.test(capabilities)) throw new Error(`${service} has ${capabilities}`);
  }
}

async function killAndRecover(service) {
  const [{ State }] = JSON.parse(await run('podman', ['inspect', await containerOf(service)]));
  process.kill(State.Pid, 'SIGKILL');
  await until(`${service} is another process`, async () => {
    const id = await containerOf(service);
    return id !== '' && JSON.parse(await run('podman', ['inspect', id]))[0].State.Pid !== State.Pid;
  });
  const killedAt = Date.now();
  await allHealthy();
  return archivesSince(killedAt);
}
