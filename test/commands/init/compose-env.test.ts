import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { composeEnv } from '../../../src/commands/init/compose-env.js';

const rooms = [{ room: 'hall', source: "rtsp://cam:a$b'c#d@192.168.1.20/1" }];

test('a broker of this machine is the included one; what Compose would replace is in single quotes', () => {
  const values = new Map([
    ['mqtt.url', 'mqtt://127.0.0.1:1883'],
    ['archive.kind', 'folder'],
  ]);
  expect(composeEnv(rooms, values, 'home.yaml').split('\n').slice(1)).toEqual([
    'ROOM=hall',
    String.raw`CAMERA='rtsp://cam:a$b\'c#d@192.168.1.20/1'`,
    'ARCHIVE=folder',
    'DROPBOX_APP_KEY=',
    'COMPOSE_PROFILES=broker',
    'MQTT_LISTEN=127.0.0.1',
    'PAGE_LISTEN=127.0.0.1',
    '',
  ]);
});

test('another broker takes its place; several rooms are in the configuration file', () => {
  const values = new Map([
    ['mqtt.url', 'mqtt://192.168.1.2:1883'],
    ['mqtt.username', 'home'],
    ['mqtt.password', 'sw0rdfish'],
    ['archive.kind', 'dropbox'],
    ['dropbox.app_key', 'key'],
    ['http.host', '0.0.0.0'],
  ]);
  const text = composeEnv([...rooms, { room: 'attic', source: '/dev/video0' }], values, '/etc/roomwatch/home.yaml');
  expect(text).toContain(
    'COMPOSE_PROFILES=\nMQTT_URL=mqtt://192.168.1.2:1883\nMQTT_DETECTOR=home\nMQTT_UPLOADER=home\nMQTT_LISTEN=0.0.0.0\nPAGE_LISTEN=0.0.0.0\n',
  );
  expect(text).toMatch(/^CONFIG=home\.yaml\nCOMPOSE_FILE=compose\.yaml:usb\.yaml\nARCHIVE=/m);
  expect(text).not.toMatch(/^(ROOM|CAMERA)=/m);
  expect(text).not.toContain('sw0rdfish');
});

test('the bundled clip is played again and again; every name is one that compose.yaml reads', () => {
  const values = new Map([
    ['archive.kind', 'folder'],
    ['archive.folder', '/srv/pictures'],
  ]);
  const text = composeEnv([{ room: 'hall', source: 'sample' }], values, 'home.yaml');
  expect(text).toContain('PICTURES=/srv/pictures\n');
  expect(text).toContain('CAMERA=sample\nCAMERA_LOOP=true\n');
  const compose = readFileSync(new URL('../../../docker/compose.yaml', import.meta.url), 'utf8');
  for (const [, name] of text.matchAll(/^(\w+)=/gm))
    if (!name!.startsWith('COMPOSE_')) expect(compose).toMatch(new RegExp(`\\$\\{${name}\\b`));
});
