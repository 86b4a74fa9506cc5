import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type AnswerCheck, download } from '../../../src/adapters/http/download.js';
import { freePort } from '../../support/free-port.js';
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

const signed = { 'roomwatch-signature': 'by the detector' };
const archived = { ...signed, 'roomwatch-archived': 'by the detector, archived' };
const isSigned: AnswerCheck = ({ archived }, signature) =>
  signature === `by the detector${archived ? ', archived' : ''}`;
const wrong = { kind: 'failed', code: 'wrong_bytes', host: false };
const refused = { kind: 'failed', code: 'refused_download', host: false };
const broken = { kind: 'failed', code: 'broken_transfer', host: false };
const never = new AbortController().signal;
const cases: readonly (readonly [string, RequestListener, object])[] = [
  ['the announced bytes', (_, res) => res.end(picture), { kind: 'fetched', bytes: picture }],
  ['other bytes', (_, res) => res.end(Buffer.from(picture).fill(1, 3, 4)), wrong],
  ['too few bytes', (_, res) => res.end(picture.subarray(1)), wrong],
  ['an endless answer', (_, res) => void setInterval(() => res.write(picture), 1).unref(), wrong],
  ['404 of the detector', (_, res) => res.writeHead(404, signed).end(), { kind: 'gone' }],
  ['410 of the detector', (_, res) => res.writeHead(410, signed).end(), { kind: 'gone' }],
  ['410 about a snapshot that is archived', (_, res) => res.writeHead(410, archived).end(), { kind: 'archived' }],
  ['404 of a stranger or a proxy', (_, res) => res.writeHead(404).end('<html>Not found</html>'), refused],
  ['410 of a stranger or a proxy', (_, res) => res.writeHead(410, { 'roomwatch-signature': 'x' }).end(), refused],
  ['403', (_, res) => res.writeHead(403, signed).end(), { kind: 'failed', code: 'forbidden', host: false }],
  ['503', (_, res) => res.writeHead(503, signed).end(), refused],
  ['a redirect', (_, res) => res.writeHead(302, { location: '/elsewhere' }).end(), refused],
  ['silence', () => undefined, { kind: 'failed', code: 'unreachable', host: true }],
  ['silence in the middle', (_, res) => void res.writeHead(200, { 'content-length': 30 }).write('x'), broken],
  [
    'a broken connection',
    (_, res) => res.writeHead(200, { 'content-length': 30 }).write('x', () => res.destroy()),
    broken,
  ],
  ['a connection that is reset', (_, res) => res.socket?.resetAndDestroy(), broken],
  ['a garbage status line', (_, res) => res.socket?.end('GARBAGE/9 what\r\n\r\n'), broken],
  [
    'a body that drips, though no silence is long',
    (_, res) => {
      res.writeHead(200, { 'content-length': 30 });
      const timer = setInterval(() => res.write('x'), 100);
      res.once('close', () => clearInterval(timer));
    },
    broken,
  ],
  [
    'a head that drips',
    (_, res) => {
      res.socket?.write('HTTP/1.1 200 OK\r\nx: ');
      const timer = setInterval(() => res.socket?.write('x'), 100);
      res.once('close', () => clearInterval(timer));
    },
    { kind: 'failed', code: 'unreachable', host: true },
  ],
  ['a bad encoding', (_, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(picture), broken],
];
test.each(cases)('%s', async (_, answer, outcome) => {
  const requests: string[] = [];
  const origin = await serve((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  const receipt = makeReceipt(picture, origin);
  expect(await download(receipt, 0.5, never, isSigned)).toMatchObject(outcome);
  expect(requests).toEqual([receipt.url.slice(origin.length)]);
});

test('a host that does not answer', async () => {
  const receipt = makeReceipt(picture, `http://127.0.0.1:${await freePort()}`);
  expect(await download(receipt, 5, never, isSigned)).toMatchObject({
    kind: 'failed',
    code: 'unreachable',
    host: true,
  });
});
