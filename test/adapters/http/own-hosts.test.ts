import { expect, test } from 'vitest';
import { ownHosts } from '../../../src/adapters/http/own-hosts.js';
import { servePage, basic } from '../../support/page-server.js';
import { request } from 'node:http';

const local = ownHosts(['127.0.0.1']);
const reachable = ownHosts(['0.0.0.0', 'Kitchen.Example.com']);
const always = ['localhost', 'localhost:8080', 'LOCALHOST.:8080', 'a.localhost', '127.0.0.1:8080', '[::1]:8080'];
const addresses = ['192.168.1.3', '192.168.1.3:8080', '[fd00::3]:8080'];
const nearby = ['pi', 'detector:8080', 'pi.local:8080', 'pi.lan'];
const foreign = ['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil.test'];
const broken = [
  '',
  ' ',
  'localhost:',
  'localhost:80:80',
  'a@localhost',
  'localhost/',
  '[localhost]',
  'x'.repeat(300) + '.com',
];

test.each([
  ['on loopback', local, [...always, ...addresses], [...nearby, ...foreign, ...broken]],
  [
    'on the network',
    reachable,
    [...always, ...addresses, ...nearby, 'kitchen.example.COM:443'],
    [...foreign, ...broken],
  ],
])('the names of a server %s', (_where, isOwn, own, others) => {
  expect(own.filter((host) => !isOwn(host))).toEqual([]);
  expect(others.filter(isOwn)).toEqual([]);
});

function statusFor(port: number, path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { ...basic, host } }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    asked.on('error', reject).end();
  });
}

const paths = ['/', '/healthz', '/metrics', '/api/state', '/live.mjpg', '/api/events', '/assets/a.js', '/api/session'];
test.each(paths)('under a foreign name, %s is refused', async (path) => {
  const { port } = await servePage();
  expect(await statusFor(port, path, 'evil.example')).toBe(421);
});

test('a signed picture answers under any name', async () => {
  const { port } = await servePage();
  const path = '/snapshots/0193a5c0-0000-7000-8000-000000000001.jpg?expires=1&signature=00';
  expect(await statusFor(port, path, 'proxy.example')).toBe(404);
});
