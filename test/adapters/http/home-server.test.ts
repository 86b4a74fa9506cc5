import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { serveHome } from '../../support/home-page.js';
import { basic, password, servePage } from '../../support/page-server.js';

const token = 'the token of the home page';

/** The status of an answer to a path as it is; `fetch` would resolve its dots. */
async function statusOf(url: string, path: string): Promise<number | undefined> {
  const [answer] = (await once(get(url, { path, headers: basic }), 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

const html = { accept: 'text/html' };

test('one login opens the overview and the page of every room', async () => {
  const url = await serveHome({});
  for (const path of ['/', '/rooms/hall/']) {
    expect(await (await fetch(url + path, { headers: html })).text()).toBe('<p>login</p>');
    const session = await fetch(`${url}${path}api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await (await fetch(`${url}/`, { headers: { ...html, cookie } })).text()).toBe('<p>overview</p>');
    expect(await (await fetch(`${url}/rooms/hall/`, { headers: { ...html, cookie } })).text()).toBe('<p>index</p>');
  }
});

test('the requests of a room’s page are answered by its detector, which needs no login of its own', async () => {
  const room = await servePage({}, { password: 'another password', isPageToken: (given) => given === token });
  const url = await serveHome({ hall: { url: room.url, token } });
  const state = await fetch(`${url}/rooms/hall/api/state`, { headers: basic });
  expect(state.status).toBe(200);
  expect(await state.json()).toMatchObject({ room: 'kitchen' });

  const change = {
    method: 'PATCH',
    headers: { ...basic, 'content-type': 'application/json', origin: url },
    body: '{"armed":false}',
  };
  expect(await (await fetch(`${url}/rooms/hall/api/settings`, change)).json()).toMatchObject({ armed: false });
  expect((await fetch(`${url}/rooms/hall/api/settings`, { ...change, body: '{"armed":7}' })).status).toBe(400);
  const foreign = { ...change, headers: { ...change.headers, origin: 'http://evil.example' } };
  expect((await fetch(`${url}/rooms/hall/api/settings`, foreign)).status).toBe(403);

  const picture = fetch(`${url}/rooms/hall/api/picture.jpg`, { headers: basic });
  while (room.page.wantedViews().size === 0) await new Promise(setImmediate);
  room.page.sendPicture('picture', Buffer.from('JPEG'));
  expect(await (await picture).text()).toBe('JPEG');

  const ending = new AbortController();
  const stream = await fetch(`${url}/rooms/hall/live.mjpg?view=foreground`, { headers: basic, signal: ending.signal });
  expect(stream.headers.get('content-type')).toBe('multipart/x-mixed-replace; boundary=frame');
  expect([...room.page.wantedViews()]).toEqual(['foreground']);
  ending.abort();
  while (room.page.wantedViews().size > 0) await new Promise(setImmediate);
});

test('without a login nothing reaches a detector, and its address cannot be chosen', async () => {
  const room = await servePage({}, { password, isPageToken: (given) => given === token });
  const url = await serveHome({ hall: { url: room.url, token } });
  expect((await fetch(`${url}/rooms/hall/api/state`)).status).toBe(401);
  expect((await fetch(`${url}/rooms/hall/live.mjpg`)).status).toBe(401);
  expect((await fetch(`${url}/api/overview`)).status).toBe(401);
  expect((await fetch(`${room.url}/api/state`, { headers: { 'roomwatch-page': 'a guess' } })).status).toBe(401);
  for (const path of [
    '/rooms/hall/api/../../metrics',
    '/rooms/hall/api/%2e%2e/%2e%2e/metrics',
    '/rooms/cellar/api/state',
  ]) {
    expect([path, await statusOf(url, path)]).toEqual([path, 404]);
  }
});

test('a detector that is down is named, and the page of its room still opens', async () => {
  const url = await serveHome({ hall: { url: 'http://127.0.0.1:9', token } });
  expect(await (await fetch(`${url}/rooms/hall/`, { headers: { ...basic, ...html } })).text()).toBe('<p>index</p>');
  const answer = await fetch(`${url}/rooms/hall/api/state`, { headers: basic });
  expect(answer.status).toBe(502);
  expect(await answer.json()).toEqual({
    error: 'unreachable',
    message: 'The detector of hall does not answer at http://127.0.0.1:9.',
  });
});
