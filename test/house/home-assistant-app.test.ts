import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { appEnvironment } from '../../src/runtime/app/app-settings.js';
import { loadConfig } from '../../src/runtime/config/config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = join(import.meta.dirname, '..', '..', 'packaging', 'home-assistant');
const read = (name: string) => parse(readFileSync(join(folder, name), 'utf8')) as Tree;

type Tree = { readonly [key: string]: unknown };
type Named = { readonly name: string; readonly fields?: Readonly<Record<string, Named>> };
const config = read('roomwatch/config.yaml');
const { schema } = config as { schema: Tree };

/** What the Supervisor accepts (supervisor/apps/validate.py of August 2026); it drops any other key without a word. */
const accepted: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: isText,
  version: (value) => /^\d+\.\d+\.\d+$/.test(String(value)),
  slug: (value) => /^[-_.A-Za-z0-9]+$/.test(String(value)),
  description: isText,
  arch: (value) => JSON.stringify(value) === '["aarch64","amd64"]',
  homeassistant: (value) => /^\d{4}\.\d+\.\d+$/.test(String(value)),
  startup: (value) => value === 'application',
  init: isFlag,
  ingress: isFlag,
  ingress_port: isPort,
  panel_icon: (value) => /^mdi:[a-z-]+$/.test(String(value)),
  panel_title: isText,
  watchdog: (value) => /^(?:https?|\[PROTO:\w+\]|tcp):\/\/\[HOST\]:(\[PORT:\d+\]|\d+).*$/.test(String(value)),
  ports: (value) => Object.keys(value as Tree).every((port) => /^\d+\/tcp$/.test(port)),
  ports_description: (value) => Object.values(value as Tree).every(isText),
  services: (value) => (value as string[]).every((one) => /^(mqtt|mysql):(provide|want|need)$/.test(one)),
  map: (value) =>
    (value as string[]).every((one) => /^(data|ssl|share|media|homeassistant_config|app_config):(rw|ro)$/.test(one)),
  video: isFlag,
  timeout: (value) => Number(value) >= 10 && Number(value) <= 300,
  backup_exclude: (value) => (value as unknown[]).every(isText),
  options: (value) => typeof value === 'object',
  schema: (value) => elementsOf(value).every(isElement),
};

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}

function elementsOf(part: unknown): string[] {
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(elementsOf) : [String(part)];
}

/** supervisor/apps/options.py, RE_SCHEMA_ELEMENT */
function isElement(type: string): boolean {
  const number = String.raw`-?\d*\.?\d+`;
  const types = `bool|email|url|port|device|str|password|int|float(?:\\((?:${number})?,(?:${number})?\\))?|match\\(.*\\)|list\\(.+\\)`;
  return new RegExp(`^(?:${types})\\??$`).test(type);
}

test('the Supervisor accepts every key of config.yaml', () => {
  const refused = Object.entries(config).filter(([key, value]) => accepted[key]?.(value) !== true);
  expect(refused).toEqual([]);
  const needed = ['name', 'version', 'slug', 'description', 'arch'];
  expect(needed.filter((key) => !(key in config))).toEqual([]);
});

test('it asks for what the app uses, and for no more', () => {
  expect(config).toMatchObject({ services: ['mqtt:want'], map: ['app_config:rw', 'media:rw'], video: true });
  const risky = ['host_network', 'full_access', 'privileged', 'docker_api', 'hassio_api', 'homeassistant_api'];
  expect(risky.filter((key) => key in config)).toEqual([]);
});

test('its port is that of the command', () => {
  const cli = readFileSync(join(import.meta.dirname, '..', '..', 'src', 'cli.ts'), 'utf8');
  const port = /'--port <port>', [^)]*'(\d+)'\)/.exec(cli)?.[1];
  expect(String(config['ingress_port'])).toBe(port);
  expect(config['watchdog']).toBe(`tcp://[HOST]:[PORT:${port}]`);
  expect(config['ports']).toEqual({ [`${port}/tcp`]: null });
});

test('the app starts with nothing chosen but a room, and every option is a key that the program knows', () => {
  const value = (type: string) => {
    if (type.startsWith('list')) return type === 'list(folder|dropbox)?' ? 'folder' : /\((.*?)\|/.exec(type)?.[1];
    return type.startsWith('float') ? 7 : 'mqtt://10.0.0.1';
  };
  const filled = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(filled);
    if (typeof part !== 'object' || part === null) return value(String(part));
    return Object.fromEntries(Object.entries(part).map(([key, type]) => [key, filled(type)]));
  };
  const every = filled(schema) as { rooms: Tree[]; dropbox: Tree };
  const room = { room: 'kitchen', camera: 'sample' };
  const dropbox = { ...every.dropbox, base_path: '/roomwatch' };
  for (const options of [
    { ...(config['options'] as Tree), rooms: [room] },
    { ...every, dropbox, rooms: [{ ...every.rooms[0], ...room }] },
  ]) {
    const env = appEnvironment({
      ...{ options, own: {}, broker: undefined, slug: 'local_roomwatch', dataDir: '/data/roomwatch', port: 8099 },
      ...{ supervisorAddress: '172.30.32.2', secret: 's'.repeat(64), password: 'p', timezone: undefined },
    });
    expect(loadConfig({ file: undefined, env })).toMatchObject({ warnings: [] });
  }
});

test.each(['en', 'de'])('every option and port has a name in %s', (language) => {
  const { configuration, network } = read(`roomwatch/translations/${language}.yaml`) as {
    configuration: Readonly<Record<string, Named>>;
    network: Tree;
  };
  const names = (fields: Readonly<Record<string, Named>>): Tree =>
    Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, one.fields ? names(one.fields) : null]));
  const options = (part: Tree): Tree =>
    Object.fromEntries(
      Object.entries(part).map(([key, type]) => {
        const inner: unknown = Array.isArray(type) ? type[0] : type;
        return [key, typeof inner === 'object' ? options(inner as Tree) : null];
      }),
    );
  expect(names(configuration)).toEqual(options(schema));
  expect(Object.keys(network)).toEqual(Object.keys(config['ports'] as Tree));
});

test('it has what the store shows', () => {
  for (const name of ['icon.png', 'logo.png', 'DOCS.md', 'CHANGELOG.md', 'Dockerfile'])
    expect([name, existsSync(join(folder, 'roomwatch', name))]).toEqual([name, true]);
  expect(Object.keys(read('repository.yaml'))).toEqual(['name']);
  // PNG: the width and height follow the signature and the head of the first chunk.
  const icon = readFileSync(join(folder, 'roomwatch', 'icon.png'));
  expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([128, 128]);
});

test('a release publishes the image that it names to Home Assistant', () => {
  type Step = { readonly run?: string; readonly with?: Readonly<Record<string, unknown>> };
  const workflow = readFileSync(join(folder, '..', '..', '.github', 'workflows', 'release.yml'), 'utf8');
  const { app } = (parse(workflow) as { jobs: Readonly<Record<string, { steps: Step[]; env: Tree; needs: string[] }>> })
    .jobs;
  const built = app?.steps.find((step) => step.with?.['context'] === 'packaging/home-assistant/roomwatch')?.with;
  expect(built?.['tags']).toBe('${{ env.IMAGE }}:${{ env.VERSION }}');
  expect(built?.['platforms']).toBe('linux/amd64,linux/arm64');
  expect(app?.steps.some(({ run }) => run?.includes('node tools/home-assistant-app.mjs "$IMAGE" ') === true)).toBe(
    true,
  );
  expect(app?.needs).toContain('images');

  const published = temporaryFolder();
  const image = 'ghcr.io/ada/roomwatch-app';
  const script = join(folder, '..', '..', 'tools', 'home-assistant-app.mjs');
  execFileSync(process.execPath, [script, image, published]);
  const named = parse(readFileSync(join(published, 'roomwatch', 'config.yaml'), 'utf8')) as Tree;
  expect(named).toEqual({ ...config, image });
});
