import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { download } from '../../../src/adapters/http/download.js';
import { makeReceipt } from '../../support/receipt.js';

const picture = Buffer.from('a picture of exactly 30 bytes!');

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const cases: readonly (readonly [string, RequestListener, object])[] = [
  ['the announced bytes', (_, res) => res.end(picture), { kind: 'fetched', bytes: picture }],
  ['other bytes', (_, res) => res.end(Buffer.from(picture).fill(1, 3, 4)), { kind: 'corrupt' }],
  ['too few bytes', (_, res) => res.end(picture.subarray(1)), { kind: 'corrupt' }],
  ['an endless answer', (_, res) => void setInterval(() => res.write(picture), 1).unref(), { kind: 'corrupt' }],
  ['404', (_, res) => res.writeHead(404).end(), { kind: 'gone' }],
  ['410', (_, res) => res.writeHead(410).end(), { kind: 'gone' }],
  ['403', (_, res) => res.writeHead(403).end(), { kind: 'forbidden' }],
  ['503', (_, res) => res.writeHead(503).end(), { kind: 'unreachable', host: false }],
  [
    'a redirect',
    (_, res) => res.writeHead(302, { location: '/elsewhere' }).end(),
    { kind: 'unreachable', host: false },
  ],
  ['silence', () => undefined, { kind: 'unreachable', host: true }],
  [
    'a broken connection',
    (_, res) => res.writeHead(200, { 'content-length': 30 }).write('x', () => res.destroy()),
    { host: true },
  ],
];
test.each(cases)('%s', async (_, answer, outcome) => {
  const requests: string[] = [];
  const origin = await serve((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  const receipt = makeReceipt(picture, origin);
  expect(await download(receipt, 0.5, never)).toMatchObject(outcome);
  expect(requests).toEqual([receipt.url.slice(origin.length)]);
});

test('a host that does not answer', async () => {
  const receipt = makeReceipt(picture, 'http://127.0.0.1:1');
  expect(await download(receipt, 5, never)).toMatchObject({ kind: 'unreachable', host: true });
});
