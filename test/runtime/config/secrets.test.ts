import { expect, test } from 'vitest';
import { redactedConfig, secretsOf } from '../../../src/runtime/config/secrets.js';
import { configOf } from '../../support/config-file.js';

const text = `
camera: {source: "rtsp://viewer:cam-pass@10.0.0.7/stream"}
mqtt: {url: mqtts://hub:8883, username: pi, password: hub-pass}
http: {password: page-pass, signing_secret: 0123456789abcdef0123}
dropbox: {app_key: key, refresh_token: refresh, access_token: access}
`;

test('a configuration can be shown without its secrets', () => {
  const shown = redactedConfig(configOf(text));
  expect(shown).toMatchObject({
    room: 'room',
    camera: { source: 'rtsp://[secret]@10.0.0.7/stream', fps: 16 },
    mqtt: { url: 'mqtts://hub:8883', username: 'pi', password: '[secret]' },
    dropbox: { app_key: 'key', refresh_token: '[secret]', access_token: '[secret]' },
  });
  expect(JSON.stringify(shown)).not.toMatch(/pass\b|0123456789|"refresh"|"access"/);
});

test('every secret is listed', () => {
  expect(secretsOf(configOf(text)).sort()).toEqual(
    ['cam-pass', 'hub-pass', 'page-pass', '0123456789abcdef0123', 'refresh', 'access'].sort(),
  );
});
