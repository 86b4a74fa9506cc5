import { get } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { basic, password, servePage } from '../../support/page-server.js';

const json = { 'content-type': 'application/json' };
const logIn = (url: string, given: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ password: given }),
  });

test.each(['/api/state', '/api/events', '/api/openapi.json', '/api/snapshots/a.jpg', '/live.mjpg'])(
  '%s needs the password',
  async (path) => {
    const { url } = await servePage();
    const answer = await fetch(url + path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).not.toMatch(/basic/i);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  },
);

test('the page shows the login, and after the login itself', async () => {
  const { url } = await servePage();
  expect((await fetch(`${url}/`)).status).toBe(401);
  const closed = await fetch(`${url}/`, { headers: { accept: 'text/html' } });
  expect([closed.status, await closed.text()]).toEqual([200, '<p>login</p>']);

  const answer = await logIn(url, password);
  expect(answer.status).toBe(204);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^roomwatch_kitchen=.*; Path=\/; HttpOnly; SameSite=Strict$/);
  const session = { cookie: cookie.split(';', 1)[0] ?? '' };
  const open = await fetch(`${url}/`, { headers: session });
  expect([open.status, await open.text()]).toEqual([200, '<p>index</p>']);
  expect((await fetch(`${url}/api/state`, { headers: session })).status).toBe(200);
});

test('behind a TLS proxy the cookie is sent over TLS only', async () => {
  const { url } = await servePage();
  const answer = await logIn(url, password, { 'x-forwarded-proto': 'https' });
  expect(answer.headers.get('set-cookie')).toMatch(/; Secure;/);
});

test('the password itself opens the API, for curl and other programs', async () => {
  const { url } = await servePage();
  expect((await fetch(`${url}/api/state`, { headers: basic })).status).toBe(200);
});

test.each([
  'roomwatch_kitchen=9999999999.',
  'roomwatch_kitchen=9999999999.AAAA',
  'roomwatch_kitchen=%zz.AAAA',
  'roomwatch_kitchen=',
  'x',
  'a=b; c',
])('a forged cookie opens nothing: %s', async (cookie) => {
  const { url } = await servePage();
  expect((await fetch(`${url}/api/state`, { headers: { cookie } })).status).toBe(401);
});

test('a session ends with the logout, and another password ends all sessions', async () => {
  const { url } = await servePage();
  const session = (await logIn(url, password)).headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const other = await servePage({}, { password: 'another password' });
  expect((await fetch(`${other.url}/api/state`, { headers: { cookie: session } })).status).toBe(401);
  const answer = await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie: session } });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('set-cookie')).toMatch(/^roomwatch_kitchen=; Max-Age=0; Path=\//);
});

test('a session ends after 30 days', async () => {
  const { url } = await servePage();
  const cookie = (await logIn(url, password)).headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const statusAfter = async (days: number) => {
    vi.setSystemTime(Date.now() + days * 86_400_000);
    return (await fetch(`${url}/api/state`, { headers: { cookie } })).status;
  };
  expect(await statusAfter(29)).toBe(200);
  expect(await statusAfter(2)).toBe(401);
});

test('without a configured password every request is denied, and the answer tells what to do', async () => {
  const { url } = await servePage({}, { password: undefined });
  const page = await fetch(`${url}/`);
  expect([page.status, await page.text()]).toEqual([403, '<p>no-password</p>']);
  for (const answer of [await fetch(`${url}/api/state`, { headers: basic }), await logIn(url, '')]) {
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('http.password') as string });
  }
});

const wrong = { authorization: `Basic ${Buffer.from('a:wrong').toString('base64')}` };

test('the right password gets in after wrong ones, by login and by HTTP Basic', async () => {
  const { url } = await servePage();
  for (let time = 0; time < 2; time++) expect((await logIn(url, 'wrong')).status).toBe(401);
  expect((await fetch(`${url}/api/state`, { headers: wrong })).status).toBe(401);
  expect((await logIn(url, password)).status).toBe(204);
});

/** Asks from another address of this machine. */
const askFrom = (localAddress: string, port: number, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/api/state', headers, localAddress }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on('error', reject);
  });

test('while many addresses guess, one guess a second is compared, and the owner gets in at each try', async () => {
  const { port } = await servePage();
  const counts = { compared: 0, refused: 0 };
  const guessing = new AbortController();
  const guess = async (address: string) => {
    while (!guessing.signal.aborted)
      if ((await askFrom(address, port, wrong)) === 401) counts.compared += 1;
      else counts.refused += 1;
  };
  const began = performance.now();
  const guessers = Array.from({ length: 100 }, (_, n) => guess(`127.0.0.${n + 100}`));
  await vi.waitUntil(() => counts.refused > 200, 30_000);
  const owner: number[] = [];
  for (let time = 0; time < 4; time++) owner.push(await askFrom('127.0.0.1', port, basic));
  guessing.abort();
  await Promise.all(guessers);
  expect(owner).toEqual([200, 200, 200, 200]);
  expect(counts.compared).toBeLessThanOrEqual(1 + (performance.now() - began) / 1000);
}, 60_000);

test('with the password, metrics and the parts of health are for other machines, too', async () => {
  const { url } = await servePage();
  const forwarded = { 'x-forwarded-for': '192.0.2.7' };
  const ask = async (path: string, headers: Record<string, string>) => {
    const answer = await fetch(url + path, { headers: { ...forwarded, ...headers } });
    return [answer.status, await answer.text()] as const;
  };
  expect((await ask('/metrics', {}))[0]).toBe(401);
  expect(await ask('/metrics', basic)).toEqual([200, 'roomwatch_frames_total 1\n']);
  expect(await ask('/healthz', {})).toEqual([200, '{"status":"ok"}']);
  expect((await ask('/healthz', basic))[1]).toContain('camera');
});

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['a browser that reports a cross-site request', { 'sec-fetch-site': 'cross-site' }],
  ['an opaque origin', { origin: 'null' }],
])('another site may not change anything: %s', async (_what, headers) => {
  const { url } = await servePage();
  const answer = await fetch(`${url}/api/snapshot`, { method: 'POST', headers: { ...basic, ...headers } });
  expect(answer.status).toBe(403);
  expect((await logIn(url, password, headers)).status).toBe(403);
});

test('a wrong password or a malformed body is never an internal error', async () => {
  const { url, logged } = await servePage();
  for (const body of ['{}', '[]', '"a"', '{"password":1}', '{"__proto__":{"password":"x"}}', 'no JSON', '']) {
    const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: json, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  }
  expect(logged).toEqual([]);
});
