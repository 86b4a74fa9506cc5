import fastify from 'fastify';
import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import { isLocalRequest } from '../../../src/adapters/http/local-request.js';

const app = fastify();
app.get('/', (request) => ({ local: isLocalRequest(request) }));
const isLocal = async (remoteAddress: string, headers: Record<string, string> = {}) =>
  (await app.inject({ url: '/', remoteAddress, headers })).json<{ local: boolean }>().local;

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('%s is this machine', async (address) => {
  expect(await isLocal(address)).toBe(true);
});

const loopback = fc.constantFrom(
  '127.0.0.1',
  '::1',
  'localhost',
  'for=127.0.0.1;host=localhost',
  '127.0.0.1, 192.0.2.1',
);
const header = fc.constantFrom(
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via', 'x-original-host'],
  ...['cf-connecting-ip', 'true-client-ip', 'X-Forwarded-Server'],
);
const headers = fc.dictionary(header, fc.oneof(loopback, fc.string({ unit: fc.constantFrom(...'0123456789.:, a') })));
const foreign = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .filter((address) => !/^127\.|^(0*:)*:?0*1$|ffff:7f|ffff:127/i.test(address));

test('no header makes another machine this one', () =>
  fc.assert(
    fc.asyncProperty(foreign, headers, async (address, forged) => {
      expect(await isLocal(address, forged)).toBe(false);
    }),
    { numRuns: 500 },
  ));

test('a request that a proxy on this machine passes on is not local', () =>
  fc.assert(
    fc.asyncProperty(headers, async (forwarded) => {
      fc.pre(Object.keys(forwarded).length > 0);
      expect(await isLocal('127.0.0.1', forwarded)).toBe(false);
    }),
    { numRuns: 500 },
  ));
