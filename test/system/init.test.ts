import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readStoredLogin } from '../../src/adapters/files/stored-login.js';
import { loadConfig } from '../../src/runtime/config/config.js';
import { openDropboxServer } from '../support/dropbox-server.js';
import { freePort } from '../support/free-port.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { openOnvifCamera } from '../support/onvif-camera.js';
import { cli, sampleClip } from '../support/roomwatch.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Starts `roomwatch init`; the answers come through a pipe, or there are none. */
function init(cwd: string, args: readonly string[], answers?: readonly string[], env: Record<string, string> = {}) {
  const stdin = answers === undefined ? 'ignore' : 'pipe';
  const child = startNode([cli, 'init', ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  child.stdin?.end(answers?.map((answer) => `${answer}\n`).join(''));
  return ending(child);
}

function load(file: string) {
  const loaded = loadConfig({ file, env: {}, camera: 'needed', readLogin: readStoredLogin });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded;
}

async function mosquitto() {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  return broker;
}

test('with flags and without a terminal, it tries everything and writes a configuration for its owner only', async () => {
  const cwd = temporaryFolder();
  const { url } = await mosquitto();
  const flags = ['--camera', sampleClip, '--room', 'kitchen', '--broker', url, '--archive', 'folder'];
  const { status, stdout, stderr } = await init(cwd, ['--conf', 'home.yaml', '--env', '.env', ...flags]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(
    /camera ok {2}640x480 at .*\n[^]*broker ok {2}.* speaks MQTT 5\n[^]*archive ok {2}.*\/data\/archive\n/,
  );
  expect(stdout).toContain('Next:\n  roomwatch start --conf home.yaml\n');

  const file = join(cwd, 'home.yaml');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { config, warnings } = load(file);
  expect(warnings).toEqual([]);
  const { room, camera, mqtt, archive, http } = config;
  expect({ room, source: camera.source, url: mqtt.url }).toEqual({ room: 'kitchen', source: sampleClip, url });
  expect(archive).toMatchObject({ kind: 'folder', folder: join(cwd, 'data/archive') });
  expect(stdout).not.toContain(http.password);
  expect(readFileSync(file, 'utf8')).toMatch(
    /^# yaml-language-server: \$schema=.*\n(?:[^]*\n)? *# room name, as in the topics\nroom: kitchen\n/,
  );
  expect(readFileSync(join(cwd, '.env'), 'utf8')).toMatch(/^ROOM=kitchen\nCAMERA=\/.*sample\.mp4\nARCHIVE=folder\n/m);
});

test('no answers: names the flags that are needed, with status 2', async () => {
  const cwd = temporaryFolder();
  const first = await init(cwd, ['--room', 'kitchen']);
  expect(first).toMatchObject({ status: 2, stdout: '' });
  expect(first.stderr).toContain('these are needed: --camera, --broker, --archive\n');
  const withYes = await init(cwd, ['--yes', '--archive', 'dropbox']);
  expect(withYes.stderr).toContain('these are needed: --camera, --dropbox-app-key\n');
  const wrong = await init(cwd, [
    '--camera',
    'rtsp://cam:12/sw0rd@127.0.0.1/s1',
    '--room',
    'My Room',
    '--http-host',
    '',
  ]);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(
    /--camera: can be read in two ways.*\n.*--room: must be a room name.*\n.*--http-host: must be/,
  );
  const partly = await init(cwd, [], ['', 'n']);
  expect(partly).toMatchObject({ status: 2 });
  expect(partly.stderr).toContain('give it with --camera; nothing was written');
  expect(existsSync(join(cwd, 'roomwatch.yaml'))).toBe(false);
});

test('a file that is there is replaced with --force only, and what does not work is kept with --yes only', async () => {
  const cwd = temporaryFolder();
  const file = join(cwd, 'roomwatch.yaml');
  const camera = `rtsp://cam:sw0rdfish@127.0.0.1:${await freePort()}/1`;
  const flags = [
    '--camera',
    camera,
    '--room',
    'hall',
    '--broker',
    `mqtt://me:pikes-peak@127.0.0.1:${await freePort()}`,
  ];
  const refused = await init(cwd, [...flags, '--archive', 'folder']);
  expect(refused.status).toBe(1);
  expect(refused.stdout).toMatch(/camera not ok: .*does not answer.*rtsp:\/\/\[secret\]@127/);
  expect(refused.stderr).toContain('keep it with --yes; nothing was written');
  expect(existsSync(file)).toBe(false);

  writeFileSync(file, 'room: mine\n');
  const taken = await init(cwd, [...flags, '--yes']);
  expect(taken).toMatchObject({ status: 2, stdout: '' });
  expect(taken.stderr).toContain('roomwatch.yaml is there already');
  expect(readFileSync(file, 'utf8')).toBe('room: mine\n');
  const kept = await init(cwd, [...flags, '--yes', '--force']);
  expect(kept).toMatchObject({ status: 0, stderr: '' });
  expect(load(file).config).toMatchObject({ room: 'hall', camera: { source: camera } });
  for (const { stdout, stderr } of [refused, taken, kept]) expect(stdout + stderr).not.toMatch(/sw0rdfish|pikes-peak/);
});

test('--force keeps the places of a file that is wrong in other points, and refuses one that does not say them', async () => {
  const cwd = temporaryFolder();
  const file = join(cwd, 'roomwatch.yaml');
  const flags = [
    '--camera',
    'sample',
    '--room',
    'hall',
    '--broker',
    'embedded',
    '--archive',
    'folder',
    '--force',
    '--yes',
  ];
  writeFileSync(file, `data_dir: ${cwd}/mine\narchive:\n  folder: pictures\ncamera: [1, 2\n`);
  const refused = await init(cwd, flags);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /is not YAML: line \d+.*\n.*correct it, or move it away: mv roomwatch.yaml roomwatch.yaml.old/,
  );
  expect(readFileSync(file, 'utf8')).toContain('camera: [1, 2');

  writeFileSync(file, `data_dir: ${cwd}/mine\narchive:\n  folder: pictures\ncamera:\n  sauce: sample\n`);
  expect(await init(cwd, flags)).toMatchObject({ status: 0, stderr: '' });
  expect(load(file).config).toMatchObject({
    data_dir: join(cwd, 'mine'),
    archive: { folder: join(cwd, 'pictures') },
  });
});

test('answers through a pipe: two rooms, one with an ONVIF camera, a wrong answer, and a page for the network', async () => {
  const cwd = temporaryFolder();
  const { url } = await mosquitto();
  const stream = `rtsp://127.0.0.1:${await freePort()}/stream1`;
  await openOnvifCamera({ name: 'Front door', username: 'viewer', stream });
  const { status, stdout, stderr } = await init(
    cwd,
    [],
    [
      ...['My Kitchen', 'kitchen', 'n', sampleClip, 'y'],
      ...['hall', 'y', '1', 'viewer', 'o#pen/sesame', 'y', 'n'],
      ...[url, '', 'pictures', 'y', '', 'n'],
    ],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('must be a room name');
  expect(stdout).toContain('  1  Front door (127.0.0.1)\n');
  const { rooms } = load(join(cwd, 'roomwatch.yaml'));
  const signed = stream.replace('//', '//viewer:o%23pen%2Fsesame@');
  expect(rooms.map(({ room, camera }) => [room, camera.source])).toEqual([
    ['kitchen', sampleClip],
    ['hall', signed],
  ]);
  const [{ http, archive }] = rooms;
  expect(http).toMatchObject({ host: '0.0.0.0', signing_secret: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  expect(archive.folder).toBe(join(cwd, 'pictures'));
  for (const secret of ['sesame', http.password ?? '', http.signing_secret ?? '']) expect(stdout).not.toContain(secret);
});

test('leads through the login to Dropbox, for the data directory of the file that is replaced, and for its owner', async () => {
  const cwd = temporaryFolder();
  const service = temporaryFolder();
  const root = process.getuid?.() === 0;
  if (root) chownSync(service, 4321, 4321);
  writeFileSync(join(cwd, 'roomwatch.yaml'), `data_dir: ${join(service, 'data')}\n`);
  const server = await openDropboxServer();
  onTestFinished(() => server.close());
  const { url } = await mosquitto();
  const flags = ['--camera', 'sample', '--room', 'hall', '--broker', url, '--http-password', 'open-sesame', '--force'];
  const env = { ...process.env, ROOMWATCH_DROPBOX_API_URL: server.url };
  const child = startNode([cli, 'init', ...flags], { cwd, env, stdio: 'pipe' });
  let said = '';
  const answers: [RegExp, () => string | Promise<string>][] = [
    [/Where the pictures go/, () => 'dropbox'],
    [/App key: /, () => 'app-key'],
    [/Log in to Dropbox now/, () => 'y'],
    [/Code shown there: /, () => codeOn(/https?:\S+authorize\S+/.exec(said)?.[0] ?? '')],
    [/other devices/, () => 'n'],
    [/Docker Compose/, () => 'n'],
  ];
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    const [question, answer] = answers[0] ?? [/^(?!)/, () => ''];
    if (!question.test(said)) return;
    answers.shift();
    void Promise.resolve(answer()).then((text) => child.stdin?.write(`${text}\n`));
  });
  const { status, stderr } = await ending(child);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(said).toContain('archive ok  Dropbox, /');
  expect(said).not.toContain('login dropbox');
  expect(load(join(cwd, 'roomwatch.yaml')).config).toMatchObject({
    archive: { kind: 'dropbox' },
    dropbox: { app_key: 'app-key', refresh_token: expect.any(String) as string },
  });
  const { uid } = statSync(join(service, 'data', 'dropbox-login.json'));
  expect(uid).toBe(root ? 4321 : process.getuid?.());
});

async function codeOn(page: string): Promise<string> {
  const answer = await fetch(page);
  return /value="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
}

test('a terminal shows no password that is typed', async () => {
  const cwd = temporaryFolder();
  const { url } = await mosquitto();
  const program = `'${process.execPath}' '${cli}' init --camera sample --room hall --broker '${url}' --archive folder`;
  const child = startNode(
    [
      '-e',
      `const { spawn } = require('node:child_process');
     const child = spawn('script', ['-qec', process.argv[1], '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
     const answers = [['other devices', 'n'], ['Password of the page', 'typed-in-the-dark'], ['Docker Compose', 'n']];
     let said = '';
     child.stdout.on('data', (chunk) => {
       said += chunk;
       process.stdout.write(chunk);
       if (answers.length > 0 && said.includes(answers[0][0])) child.stdin.write(answers.shift()[1] + '\\r');
     });
     child.on('exit', (status) => process.exit(status));`,
      program,
    ],
    { cwd },
  );
  const { status, stdout } = await ending(child);
  expect(status).toBe(0);
  expect(stdout).toContain('Password of the page');
  expect(stdout).not.toContain('typed-in');
  expect(load(join(cwd, 'roomwatch.yaml')).config.http.password).toBe('typed-in-the-dark');
});

test.each([
  ['init', /Name of the room/, 'no configuration was written'],
  ['login', /App key/, 'no login was stored'],
] as const)('Ctrl-C in %s ends with 130 and one plain line', async (command, question, words) => {
  const args = command === 'login' ? ['login', 'dropbox'] : [command];
  const child = startNode([cli, ...args], { cwd: temporaryFolder(), stdio: 'pipe' });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (question.test(said)) child.kill('SIGINT');
  });
  const { status, stderr } = await ending(child);
  expect({ status, stderr }).toEqual({ status: 130, stderr: `\nstopped: ${words}\n` });
});
