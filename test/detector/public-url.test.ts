import { expect, test } from 'vitest';
import { createPublicUrl } from '../../src/detector/public-url.js';
import { configOf } from '../support/config-file.js';

const secrets = 'password: open-sesame, signing_secret: 0123456789abcdef0123';

test.each([
  ['host: 0.0.0.0', 'http://0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['host: "::"', 'http://[::]:8080', 'http://127.0.0.1:8080'],
  ['host: 0.0.0.0, public_url: "http://pi:80"', 'http://pi:80', 'http://pi:80'],
  ['host: 127.0.0.1', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['host: 10.0.0.7', 'http://10.0.0.7:8080', 'http://10.0.0.7:8080'],
])('with %s', async (http, listening, expected) => {
  const config = configOf(`http: {${http}, ${secrets}}\nmqtt: {url: "mqtt://127.0.0.1:1883"}`);
  expect(await createPublicUrl(config, listening)()).toBe(expected);
});
