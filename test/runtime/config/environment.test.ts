import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { configKeys } from '../../../src/runtime/config/keys.js';
import { variableOf } from '../../../src/runtime/config/variables.js';
import { configOf, problemsOf, temporaryFile } from '../../support/config-file.js';

test('the environment takes precedence over the file', () => {
  const config = configOf('room: kitchen\nmotion: {min_area: 100}', {
    ROOMWATCH_ROOM: 'cellar',
    ROOMWATCH_MOTION_MIN_AREA: '4000',
    ROOMWATCH_CAMERA_LOOP: 'on',
    ROOMWATCH_CAMERA_RESOLUTION: '[320, 240]',
    ROOMWATCH_MOTION_MASKS: '[[[0,0],[1,0],[1,1]]]',
    ROOMWATCH_MQTT_PROTOCOL: '3.1.1',
    ROOMWATCH_HTTP_PORT: '0',
  });
  expect(config).toMatchObject({
    room: 'cellar',
    motion: {
      min_area: 4000,
      masks: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      ],
    },
    camera: { loop: true, resolution: [320, 240] },
    mqtt: { protocol: '3.1.1' },
    http: { port: 0 },
  });
});

test('an empty variable counts as not set', () => {
  expect(configOf('room: kitchen', { ROOMWATCH_ROOM: '', ROOMWATCH_MQTT_PASSWORD: '' }).room).toBe('kitchen');
});

test.each([
  ['ROOMWATCH_CAMERA_FPS', '16 fps', 'camera.fps (ROOMWATCH_CAMERA_FPS): must be a number'],
  ['ROOMWATCH_CAMERA_FPS', ' ', 'camera.fps (ROOMWATCH_CAMERA_FPS): must be a number'],
  ['ROOMWATCH_CAMERA_LOOP', 'perhaps', 'camera.loop (ROOMWATCH_CAMERA_LOOP): must be true or false'],
  [
    'ROOMWATCH_CAMERA_RESOLUTION',
    '640x480',
    'camera.resolution (ROOMWATCH_CAMERA_RESOLUTION): must be [width, height]',
  ],
])('%s=%s is refused', (name, value, problem) => {
  expect(problemsOf('', { [name]: value })[0]).toContain(problem);
});

const secrets = [...configKeys].filter(([, key]) => key.sensitive).map(([path]) => path);

test('these may come from files', () => {
  expect(secrets).toEqual([
    'camera.source',
    'camera.snapshot_source',
    'mqtt.url',
    'mqtt.password',
    'http.password',
    'http.signing_secret',
    'dropbox.app_key',
    'dropbox.refresh_token',
    'dropbox.access_token',
  ]);
});

test.each(secrets)('%s comes from a file, without the end of its line', (path) => {
  const addresses: Record<string, string> = {
    'mqtt.url': 'mqtt://hub:1883',
    'camera.snapshot_source': 'rtsp://camera/main',
  };
  const value = addresses[path] ?? 'swordfish';
  const config = configOf('', { [`${variableOf(path)}_FILE`]: temporaryFile('secret', `${value}\n`) });
  expect(config).toHaveProperty(path, value);
});

test('a secret set twice, or by an empty file, is refused', () => {
  const file = temporaryFile('secret', 'swordfish');
  const twice = problemsOf('', { ROOMWATCH_MQTT_PASSWORD: 'swordfish', ROOMWATCH_MQTT_PASSWORD_FILE: file });
  expect(twice).toEqual([
    'mqtt.password: set twice, by ROOMWATCH_MQTT_PASSWORD and ROOMWATCH_MQTT_PASSWORD_FILE; remove one of them',
  ]);
  const empty = temporaryFile('secret', '\n');
  expect(problemsOf('', { ROOMWATCH_MQTT_PASSWORD_FILE: empty })[0]).toMatch(/secret is empty$/);
});

test('a variable without a meaning causes a warning', () => {
  const loaded = loadConfig({
    file: undefined,
    env: { ROOMWATCH_MQTT_URI: 'mqtt://hub', ROOMWATCH_CONF: 'x', HOME: '/' },
  });
  expect(loaded).toHaveProperty('warnings', [
    'environment variable ROOMWATCH_MQTT_URI has no meaning; did you mean ROOMWATCH_MQTT_URL?',
  ]);
});
