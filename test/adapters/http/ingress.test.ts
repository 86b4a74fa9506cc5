import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { serveHome } from '../../support/home-page.js';
import { ingressPath, openIngress, supervisorAddress } from '../../support/ingress.js';
import { basic, password, servePage } from '../../support/page-server.js';

const fromHomeAssistant = { 'x-ingress-path': ingressPath, host: 'homeassistant.local:8123' };
const html = { accept: 'text/html' };

type Answer = { readonly status: number | undefined; readonly headers: IncomingHttpHeaders; readonly body: string };

/** Sends a request from an address of this machine, with any `Host`. */
async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  { from = supervisorAddress, method = 'GET', body = '' } = {},
): Promise<Answer> {
  const asked = request(url, { localAddress: from, method, headers });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

test('whoever is logged in with Home Assistant sees the page without another login, in a frame', async () => {
  const url = await serveHome({}, { ingressFrom: supervisorAddress });
  const page = await ask(`${url}/`, { ...fromHomeAssistant, ...html });
  expect(page).toMatchObject({ status: 200, body: '<p>overview</p>' });
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'self'");
  expect((await ask(`${url}/api/overview`, fromHomeAssistant)).status).toBe(200);
  expect((await ask(`${url}/rooms/hall/`, { ...fromHomeAssistant, ...html })).body).toBe('<p>index</p>');
});

test('without a password, too', async () => {
  const url = await serveHome({}, { ingressFrom: supervisorAddress, password: undefined });
  expect((await ask(`${url}/api/overview`, fromHomeAssistant)).status).toBe(200);
  expect((await ask(`${url}/api/overview`, fromHomeAssistant, { from: '127.0.0.1' })).status).toBe(421);
});

test('the same headers from another address open nothing', async () => {
  const url = await serveHome({}, { ingressFrom: supervisorAddress });
  const forged = { ...fromHomeAssistant, host: new URL(url).host, 'x-forwarded-for': supervisorAddress };
  for (const from of ['127.0.0.1', '127.0.0.3']) {
    const page = await ask(`${url}/`, { ...forged, ...html }, { from });
    expect(page.body).toBe('<p>login</p>');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect((await ask(`${url}/api/overview`, forged, { from })).status).toBe(401);
    expect((await ask(`${url}/api/overview`, fromHomeAssistant, { from })).status).toBe(421);
  }
});

test.each([[undefined], ['//evil.example'], ['/a/../b'], ['/a; Domain=evil.example'], ['a'], ['/a\u00e9']])(
  'a request of the Supervisor itself with the path %s is not one of a user',
  async (path) => {
    const url = await serveHome({}, { ingressFrom: supervisorAddress });
    const headers = path === undefined ? {} : { 'x-ingress-path': path };
    expect((await ask(`${url}/api/overview`, { ...headers, host: new URL(url).host })).status).toBe(401);
  },
);

test('where no Supervisor is configured, nobody is trusted', async () => {
  const url = await serveHome({});
  const headers = { ...fromHomeAssistant, host: new URL(url).host };
  expect((await ask(`${url}/api/overview`, headers)).status).toBe(401);
});

test('another site can change nothing through the browser of somebody who is logged in', async () => {
  const room = await servePage({}, { password, isPageToken: (given) => given === 'token' });
  const url = await serveHome({ hall: { url: room.url, token: 'token' } }, { ingressFrom: supervisorAddress });
  const change = async (headers: Readonly<Record<string, string>>) => {
    const all = { ...fromHomeAssistant, 'content-type': 'application/json', ...headers };
    const given = { method: 'PATCH', body: '{"armed":false}' };
    return (await ask(`${url}/rooms/hall/api/settings`, all, given)).status;
  };
  expect(await change({ origin: 'http://homeassistant.local:8123' })).toBe(200);
  // A proxy in front of Home Assistant may change the Host.
  expect(await change({ origin: 'https://home.example', 'x-forwarded-host': 'home.example' })).toBe(200);
  expect(await change({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await change({ origin: 'http://evil.example' })).toBe(403);
  expect(await change({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  const forged = {
    ...basic,
    origin: 'http://evil.example',
    'x-forwarded-host': 'evil.example',
    host: new URL(url).host,
  };
  const answer = await ask(`${url}/rooms/hall/api/settings`, forged, { from: '127.0.0.1', method: 'PATCH' });
  expect(answer.status).toBe(403);
});

test('a detector does not learn who uses Home Assistant, and is not told of its path', async () => {
  const seen: string[] = [];
  const detector = createServer(({ headers }, answer) => {
    seen.push(...Object.keys(headers));
    answer.end('{}');
  }).listen(0, '127.0.0.1');
  await once(detector, 'listening');
  onTestFinished(() => void detector.close());
  const port = (detector.address() as AddressInfo).port;
  const url = await serveHome(
    { hall: { url: `http://127.0.0.1:${port}`, token: 'token' } },
    { ingressFrom: supervisorAddress },
  );
  const ingress = await openIngress(url);
  expect((await fetch(`${ingress}${ingressPath}/rooms/hall/api/state`)).status).toBe(200);
  expect(seen).toContain('roomwatch-page');
  expect(seen.filter((name) => /ingress|hass|remote-user|prefix/.test(name))).toEqual([]);
});

test('the session is for the path under which the page is', async () => {
  const url = await serveHome({});
  const login = async (headers: Readonly<Record<string, string>>, path = '/') => {
    const session = { 'content-type': 'application/json', ...headers };
    const body = JSON.stringify({ password });
    const answer = await fetch(`${url}${path}api/session`, { method: 'POST', headers: session, body });
    return /Path=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
  };
  expect(await login({})).toBe('/');
  expect(await login({ 'x-forwarded-prefix': '/roomwatch' })).toBe('/roomwatch/');
  expect(await login({ 'x-forwarded-prefix': '/house/roomwatch/' }, '/rooms/hall/')).toBe('/house/roomwatch/');
  for (const bad of ['/a;b', 'a', '/a, /b', '/..', `/${'a'.repeat(300)}`])
    expect([bad, await login({ 'x-forwarded-prefix': bad })]).toEqual([bad, '/']);
  const ended = await fetch(`${url}/api/session`, {
    method: 'DELETE',
    headers: { 'x-forwarded-prefix': '/roomwatch' },
  });
  expect(ended.headers.get('set-cookie')).toContain('Path=/roomwatch/');
});
