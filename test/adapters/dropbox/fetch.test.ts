import { getEventListeners } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createDropboxFetch } from '../../../src/adapters/dropbox/fetch.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(listener: RequestListener): Promise<string> {
  const opened = createServer(listener);
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}`;
}

test('every address goes to the configured origin, path and body as they are', async () => {
  const seen: string[] = [];
  const apiUrl = await listen((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.pipe(response);
  });
  const fetch = createDropboxFetch({ apiUrl });
  const answer = await fetch('https://content.dropboxapi.com/2/files/upload?x=1', { method: 'POST', body: 'echo' });
  expect(await answer.text()).toBe('echo');
  await fetch('https://api.dropboxapi.com/oauth2/token', { method: 'POST' });
  expect(seen).toEqual(['POST /2/files/upload?x=1', 'POST /oauth2/token']);
});

test('an empty answer', async () => {
  const apiUrl = await listen((_, response) => response.writeHead(204).end());
  expect((await createDropboxFetch({ apiUrl })('https://x/')).status).toBe(204);
});

const drip: RequestListener = (_, response) => {
  response.writeHead(200, { 'Content-Length': 1000 });
  const timer = setInterval(() => response.write('{'), 20);
  response.once('close', () => clearInterval(timer));
};
const failures: readonly [string, RequestListener, string | RegExp][] = [
  ['no answer', () => undefined, 'timeout'],
  ['an answer that stops', (_, response) => void response.writeHead(200).write('{'), 'timeout'],
  ['an answer that drips', drip, 'timeout'],
  ['an answer too large', (_, response) => void response.end(Buffer.alloc(5000)), 'answer_too_large'],
  [
    'half an answer',
    (_, response) => void response.writeHead(200, { 'Content-Length': 9 }).write('{', () => response.destroy()),
    /^[A-Z_]+$/,
  ],
  [
    'a redirect',
    (_, response) => void response.writeHead(302, { Location: 'https://elsewhere.example/' }).end(),
    'network',
  ],
];

test.each(failures)('%s', async (_what, listener, code) => {
  const fetch = createDropboxFetch({ apiUrl: await listen(listener), timeoutSeconds: 0.3, maxAnswerBytes: 4000 });
  await expect(fetch('https://x/')).rejects.toMatchObject({
    name: 'FetchError',
    code: typeof code === 'string' ? code : (expect.stringMatching(code) as string),
  });
});

test('a stop ends a request, and leaves no listener on the signal', async () => {
  const stop = new AbortController();
  const apiUrl = await listen((request, response) => {
    if (request.url === '/quick') response.end('done');
    else stop.abort();
  });
  const fetch = createDropboxFetch({ apiUrl });
  for (let n = 0; n < 20; n += 1) await fetch('https://x/quick', { signal: stop.signal });
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  await expect(fetch('https://x/slow', { signal: stop.signal })).rejects.toMatchObject({ code: 'stopped' });
  await expect(fetch('https://x/quick', { signal: stop.signal })).rejects.toMatchObject({ code: 'stopped' });
});
