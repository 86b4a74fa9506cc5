import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { temporaryFile } from '../support/config-file.js';
import { ending, startNode } from '../support/node-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROOMWATCH_')));

function roomwatch(args: readonly string[], env: Record<string, string> = {}, cwd?: string) {
  return ending(startNode([cli, ...args], { env: { ...bare, ...env }, cwd }));
}

const commands = ['start', 'detect', 'upload', 'replay', 'check', 'init', 'login'];

test('--help names every command and shows examples', async () => {
  const { status, stdout, stderr } = await roomwatch(['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  expect(stdout).toContain('roomwatch check --conf kitchen.yaml');
});

test.each(commands)('%s --help shows its usage', async (command) => {
  const { status, stdout } = await roomwatch([command, '--help']);
  expect(status).toBe(0);
  expect(stdout).toMatch(`Usage: roomwatch ${command}`);
});

test.each([[['--version']], [['-V']]])('%s', async (args) => {
  expect(await roomwatch(args)).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

const wrong = [
  [[], 'Usage: roomwatch'],
  [['dance'], "error: unknown command 'dance'"],
  [['detct'], 'Did you mean detect?'],
  [['start', '--speed', '2'], "error: unknown option '--speed'"],
  [['start', '--only', 'pages'], 'Allowed choices are detectors'],
  [['start', '--only', 'detectors'], 'a configuration is needed'],
  [['start', '--conf'], "error: option '--conf <file>' argument missing"],
  [['start', 'kitchen.yaml'], 'error: too many arguments'],
  [['detect'], 'error: a configuration is needed: --conf FILE'],
  [['upload'], 'error: a configuration is needed: --conf FILE'],
  [['replay'], "error: missing required argument 'clip'"],
  [['replay', 'clip.mp4', '--video'], 'error: --video and --plot need --out DIR'],
  [['login'], 'Usage: roomwatch login'],
  [['login', 'flickr'], "error: unknown command 'flickr'"],
] as const;

test.each(wrong)('wrong usage: %j', async (args, message) => {
  const { status, stdout, stderr } = await roomwatch(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
});

describe('a wrong configuration', () => {
  const text = 'camera: {source: sample, fps: fast}\nmqtt: {base_topik: a}\nhttp: {host: 0.0.0.0}\n';

  test.each(['start', 'detect', 'upload', 'check'])('%s lists every problem and starts nothing', async (command) => {
    const conf = temporaryFile('kitchen.yaml', text);
    const cwd = temporaryFolder();
    const { status, stdout, stderr } = await roomwatch([command, '--conf', conf], {}, cwd);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `roomwatch: the configuration (${conf} and the environment) has 4 problems; nothing was started`,
      '  - mqtt.base_topik: there is no such key; did you mean mqtt.base_topic?',
      '  - camera.fps: must be a number from 0.1 to 240: value was "fast"',
      expect.stringContaining('  - http.password: needed'),
      expect.stringContaining('  - http.signing_secret: needed'),
    ]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([
    ['start', 2],
    ['detect', 2],
    ['check', 2],
    ['replay', 1],
    ['upload', 1],
  ])('%s and a file without a camera: status %i', async (command, expected) => {
    const conf = temporaryFile('kitchen.yaml', 'room: kitchen\ndata_dir: /dev/null\n');
    const args = command === 'replay' ? [command, '/nowhere/clip.mp4'] : [command];
    const { status, stderr } = await roomwatch([...args, '--conf', conf]);
    expect(status).toBe(expected);
    if (expected === 2) expect(stderr).toContain('  - camera.source: needed: rtsp://…');
  });

  test('is found in the file that ROOMWATCH_CONF names, too', async () => {
    const conf = temporaryFile('kitchen.yaml', 'room: Kitchen');
    const { status, stderr } = await roomwatch(['detect'], { ROOMWATCH_CONF: conf });
    expect(status).toBe(2);
    expect(stderr).toContain('  - room: must be a room name');
  });

  test('may consist of variables alone', async () => {
    const { status, stderr } = await roomwatch(['detect'], { ROOMWATCH_ROOM: 'Kitchen' });
    expect(status).toBe(2);
    expect(stderr).toContain('  - room (ROOMWATCH_ROOM): must be a room name');
  });
});
