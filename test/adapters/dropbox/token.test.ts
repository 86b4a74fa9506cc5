import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createDropboxFetch, type Fetch } from '../../../src/adapters/dropbox/fetch.js';
import { createAuthorizedFetch } from '../../../src/adapters/dropbox/token.js';
import { type DropboxServer, openDropboxServer } from '../../support/dropbox-server.js';

const login = { appKey: 'app-key', refreshToken: 'refresh-token' };
let server: DropboxServer;
let urls: string[];
let fetch: Fetch;

beforeEach(async () => {
  server = await openDropboxServer({ oauth: { expiresInSeconds: 14_400 } });
  urls = [];
  const toServer = createDropboxFetch({ apiUrl: server.url });
  fetch = (url, init) => {
    urls.push(url);
    return toServer(url, init);
  };
});
afterEach(() => server.close());

const check = (authorized: Fetch, signal?: AbortSignal) =>
  authorized('https://api.dropboxapi.com/2/check/user', {
    method: 'POST',
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
    signal: signal ?? null,
  });
const statuses = async (authorized: Fetch, count: number) =>
  (await Promise.all(Array.from({ length: count }, () => check(authorized)))).map(({ status }) => status);

test('all callers share one refresh, whose secrets are in no URL', async () => {
  expect(await statuses(createAuthorizedFetch(login, fetch), 10)).toEqual(Array(10).fill(200));
  expect(server.oauth.state.refreshes).toBe(1);
  expect(urls.filter((url) => url.includes('refresh-token'))).toEqual([]);
});

test('a token is renewed five minutes before its end', async () => {
  const begun = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const authorized = createAuthorizedFetch(login, fetch);
  const refreshesAt = async (seconds: number) => {
    vi.setSystemTime(begun + seconds * 1000);
    expect((await check(authorized)).status).toBe(200);
    return server.oauth.state.refreshes;
  };
  expect([
    await refreshesAt(0),
    await refreshesAt(14_099),
    await refreshesAt(14_100),
    await refreshesAt(14_101),
  ]).toEqual([1, 1, 2, 2]);
});

test.each(['expireAll', 'forgetAll'] as const)('after %s, one refresh serves every call', async (what) => {
  const authorized = createAuthorizedFetch(login, fetch);
  await check(authorized);
  server.oauth[what]();
  expect(await statuses(authorized, 10)).toEqual(Array(10).fill(200));
  expect(server.oauth.state.refreshes).toBe(2);
});

test('a token that is refused at once is refreshed only once more', async () => {
  const authorized = createAuthorizedFetch(login, fetch);
  server.faults.plan({ script: [{ kind: 'expired', route: 'check/user', times: 99 }] });
  expect((await check(authorized)).status).toBe(401);
  expect(server.oauth.state.refreshes).toBe(2);
});

test('a missing scope is no reason to refresh', async () => {
  server.oauth.state.scopes = new Set();
  expect((await check(createAuthorizedFetch(login, fetch))).status).toBe(401);
  expect(server.oauth.state.refreshes).toBe(1);
});

test('every call is refused after the login was revoked', async () => {
  server.oauth.revoke();
  const authorized = createAuthorizedFetch(login, fetch);
  const answers = await Promise.allSettled([check(authorized), check(authorized)]);
  const refusal = { status: 400, error: { error: 'invalid_grant' } };
  expect(answers).toMatchObject(Array(2).fill({ status: 'rejected', reason: refusal }));
  expect(server.count('check/user')).toBe(0);
});

test.each(['error_500', 'garbage', 'reset_before'] as const)(
  '%s at the refresh: the next call tries again',
  async (kind) => {
    server.faults.plan({ script: [{ kind, route: 'oauth2/token' }] });
    const authorized = createAuthorizedFetch(login, fetch);
    const first = await check(authorized).then(
      ({ status }) => status,
      (error: { status?: number }) => error.status ?? 'unreachable',
    );
    expect(first).toBe({ error_500: 500, garbage: 502, reset_before: 'unreachable' }[kind]);
    expect((await check(authorized)).status).toBe(200);
  },
);

test('an access token alone is used as it is', async () => {
  const authorized = createAuthorizedFetch({ accessToken: 'access-token' }, fetch);
  expect(await statuses(authorized, 2)).toEqual([200, 200]);
  server.oauth.revoke();
  expect(await statuses(authorized, 1)).toEqual([401]);
  expect(server.oauth.state.refreshes).toBe(0);
});

test('a call that is stopped does not wait for the refresh', async () => {
  server.faults.plan({ script: [{ kind: 'stall', route: 'oauth2/token' }] });
  const stop = new AbortController();
  const call = check(createAuthorizedFetch(login, fetch), stop.signal);
  await expect.poll(() => server.count('oauth2/token')).toBe(1);
  stop.abort();
  await expect(call).rejects.toMatchObject({ code: 'stopped' });
});

test('a token that is refused while others are checked is still refreshed only once', async () => {
  const authorized = createAuthorizedFetch(login, fetch);
  await check(authorized);
  server.oauth.expireAll();
  const calls = Array.from({ length: 20 }, async (_, n) => {
    for (let turn = 0; turn < n; turn += 1) await Promise.resolve();
    return (await check(authorized)).status;
  });
  expect(await Promise.all(calls)).toEqual(Array(20).fill(200));
  expect(server.oauth.state.refreshes).toBe(2);
});

test('characters that mean something in a URL reach the authorization server as they are', async () => {
  await server.close();
  server = await openDropboxServer({ oauth: { appKey: 'a&b=c', refreshToken: 'x+y/z%20?#' } });
  const toServer = createDropboxFetch({ apiUrl: server.url });
  const authorized = createAuthorizedFetch({ appKey: 'a&b=c', refreshToken: 'x+y/z%20?#' }, toServer);
  expect((await check(authorized)).status).toBe(200);
});
