import { expect, test } from 'vitest';
import { createPublicUrl, pageForPeople } from '../../src/detector/public-url.js';
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

test.each([
  ['public_url: "http://detector:8080"', undefined],
  ['public_url: "http://detector:8080", page_url: "http://pi:8080"', 'http://pi:8080/'],
  ['public_url: "http://192.168.1.3:8080"', 'http://192.168.1.3:8080/'],
  ['public_url: "http://[fd00::3]:8080"', 'http://[fd00::3]:8080/'],
  ['public_url: "http://localhost:8080"', 'http://localhost:8080/'],
  ['public_url: "https://cams.example/a/"', 'https://cams.example/a/'],
])('with %s, people open the page at %s', async (http, expected) => {
  const config = configOf(`http: {${http}}`);
  expect(await pageForPeople(config, createPublicUrl(config, config.http.public_url ?? ''))).toBe(expected);
});
