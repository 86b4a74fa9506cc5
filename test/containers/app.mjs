// The Home Assistant app as the Supervisor runs it: its network and addresses, the folders it maps, its API.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clean, run } from './engine.mjs';
import { until } from './until.mjs';

const root = join(import.meta.dirname, '..', '..');
const image = 'docker.io/library/roomwatch:local-app';
const network = 'roomwatch-test-hassio';
const supervisorAddress = '172.30.32.2';
const names = { supervisor: `${network}-supervisor`, broker: `${network}-broker`, app: `${network}-app` };
const podman = (...args) => run('podman', args, { env: clean });

/** Builds the app's image on the detector's. */
export async function buildApp() {
  const base = ['--build-arg', 'ROOMWATCH=docker.io/library/roomwatch:local-detector'];
  const context = join(root, 'packaging', 'home-assistant', 'roomwatch');
  await run('buildah', ['bud', '--format', 'docker', '--pull-never', ...base, '-t', image, context]);
}

/** With one room chosen and nothing else, a picture comes into the media folder, and the page is there for the Supervisor only. */
export async function tryApp(scratch) {
  const folder = join(scratch, 'app');
  for (const name of ['data', 'config', 'media']) mkdirSync(join(folder, name), { recursive: true });
  const options = { rooms: [{ room: 'kitchen', camera: 'sample' }], mqtt: {}, archive: {}, dropbox: {}, http: {} };
  writeFileSync(join(folder, 'data', 'options.json'), JSON.stringify(options));
  try {
    await startSupervisor(folder);
    await startApp(folder);
    const media = join(folder, 'media');
    const pictures = () => readdirSync(media, { recursive: true }).filter((name) => /^roomwatch.*\.jpg$/.test(name));
    await until('a picture is in the media folder', async () => pictures().length > 0);
    const topic = 'homeassistant/device/roomwatch_kitchen/config';
    const document = await podman('exec', names.broker, 'mosquitto_sub', '-C', '1', '-W', '30', '-t', topic);
    const { device } = JSON.parse(document);
    if (device.configuration_url !== 'homeassistant://app/a1b2c3d4_roomwatch/') throw new Error(document);
    await asksForPage();
    await podman('stop', '--time', '30', names.app);
    const [{ State }] = JSON.parse(await podman('inspect', names.app));
    if (State.ExitCode !== 0) throw new Error(`the app ended with status ${State.ExitCode}`);
    return pictures()[0];
  } catch (error) {
    throw new Error(`${error.message}\n${await podman('logs', '--tail', '30', names.app).catch(() => '')}`);
  } finally {
    await closeApp();
  }
}

async function startSupervisor(folder) {
  await closeApp();
  const program = join(folder, 'supervisor.mjs');
  const entryPoints = [join(root, 'test', 'support', 'supervisor-cli.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: program });
  writeFileSync(join(folder, 'mosquitto.conf'), 'listener 1883\nallow_anonymous true\n');
  await podman('network', 'create', '--subnet', '172.30.32.0/23', network);
  await startContainer('supervisor', 'docker.io/library/roomwatch:local-uploader', [], {
    ...{ user: '0:0', ip: supervisorAddress, 'network-alias': 'supervisor' },
    ...{ entrypoint: '["node", "/supervisor.mjs"]', volume: `${program}:/supervisor.mjs:ro` },
  });
  const command = ['mosquitto', '-c', '/mosquitto.conf'];
  await startContainer('broker', 'docker.io/library/eclipse-mosquitto:2', command, {
    ...{ 'network-alias': 'core-mosquitto', volume: `${folder}/mosquitto.conf:/mosquitto.conf:ro` },
  });
}

async function startApp(folder) {
  const maps = ['data', 'config', 'media'].map((name) => `${join(folder, name)}:/${name}`);
  const variables = ['SUPERVISOR_TOKEN=the token of this app', 'TZ=Europe/Berlin'];
  await startContainer('app', image, [], { 'network-alias': 'app', volume: maps, env: variables });
}

function startContainer(name, from, command, options) {
  const flags = Object.entries(options).flatMap(([flag, values]) => [values].flat().map((one) => `--${flag}=${one}`));
  return podman(
    'run',
    '--detach',
    '--log-driver=k8s-file',
    `--name=${names[name]}`,
    `--network=${network}`,
    ...flags,
    from,
    ...command,
  );
}

/** The page as ingress asks for it: from the Supervisor's address it is open, from any other the same headers open nothing. */
async function asksForPage() {
  const headers = { 'x-ingress-path': '/api/hassio_ingress/Jm5lRWW0-3_A', 'x-hass-source': 'core.ingress' };
  const path = ':8099/api/overview';
  const script = `fetch('http://app${path}', { headers: ${JSON.stringify(headers)} }).then(async (answer) => console.log(answer.status, await answer.text()))`;
  const said = await podman('exec', names.supervisor, 'node', '-e', script);
  if (!/^200 .*"kitchen"/.test(said)) throw new Error(`the Supervisor got: ${said}`);
  const [{ NetworkSettings }] = JSON.parse(await podman('inspect', names.app));
  const forged = await fetch(`http://${NetworkSettings.Networks[network].IPAddress}${path}`, { headers });
  if (forged.status !== 401) throw new Error(`another address got ${forged.status}`);
}

async function closeApp() {
  for (const name of Object.values(names)) await podman('rm', '--force', '--time', '5', name).catch(() => {});
  await podman('network', 'rm', '--force', network).catch(() => {});
}
