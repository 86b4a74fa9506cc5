import { expect, test } from 'vitest';
import { composeEnv } from '../../../src/commands/init/compose-env.js';

const rooms = [{ room: 'hall', source: "rtsp://cam:a$b'c#d@192.168.1.20/1" }];

test('a broker of this machine is the included one; what Compose would replace is in single quotes', () => {
  const values = new Map([
    ['mqtt.url', 'mqtt://127.0.0.1:1883'],
    ['archive.kind', 'folder'],
  ]);
  expect(composeEnv(rooms, values).split('\n').slice(1)).toEqual([
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

test('another broker takes its place; further rooms are named', () => {
  const values = new Map([
    ['mqtt.url', 'mqtt://192.168.1.2:1883'],
    ['mqtt.username', 'home'],
    ['mqtt.password', 'sw0rdfish'],
    ['archive.kind', 'dropbox'],
    ['dropbox.app_key', 'key'],
    ['http.host', '0.0.0.0'],
  ]);
  const text = composeEnv([...rooms, { room: 'attic', source: '/dev/video0' }], values);
  expect(text).toContain(
    'COMPOSE_PROFILES=\nMQTT_URL=mqtt://192.168.1.2:1883\nMQTT_DETECTOR=home\nMQTT_UPLOADER=home\nMQTT_LISTEN=0.0.0.0\nPAGE_LISTEN=0.0.0.0\n',
  );
  expect(text).toContain('# A further room, see docker/README.md: attic\n');
  expect(text).not.toContain('sw0rdfish');
});
