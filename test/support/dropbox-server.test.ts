import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dropbox, DropboxResponseError } from 'dropbox';
import { afterEach, expect, test } from 'vitest';
import { type DropboxServer, openDropboxServer } from './dropbox-server.js';

// The stand-in for Dropbox, checked by Dropbox's own client.
let server: DropboxServer;
afterEach(() => server.close());

function client(options: { accessToken?: string; refreshToken?: string; clientId?: string } = {}) {
  const toServer = (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url);
    return fetch(server.url + pathname + search, init);
  };
  return new Dropbox({ ...(options.refreshToken ? {} : { accessToken: 'access-token' }), ...options, fetch: toServer });
}

async function errorOf(call: Promise<unknown>): Promise<{ status: number; error: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DropboxResponseError))
    throw new Error('the call was not refused by Dropbox', { cause: error });
  return { status: error.status, error: error.error };
}

test('stores an upload, describes it and finds it again', async () => {
  server = await openDropboxServer();
  const { result } = await client().filesUpload({
    path: '/Küche/€ 1.jpg',
    contents: Buffer.from('abc'),
    client_modified: '2026-11-22T10:15:30Z',
    content_hash: '4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358',
  });
  expect(result).toMatchObject({ name: '€ 1.jpg', size: 3, client_modified: '2026-11-22T10:15:30Z' });
  expect(result.rev).toMatch(/^[0-9a-f]{9,}$/);
  const { result: found } = await client().filesGetMetadata({ path: '/küche/€ 1.JPG' });
  expect(found).toMatchObject({ '.tag': 'file', id: result.id });
  expect(server.account.read('/Küche/€ 1.jpg')?.toString()).toBe('abc');
});

test('identical content is no conflict; other content, a folder and a file above are', async () => {
  server = await openDropboxServer();
  const upload = (path: string, text: string, more = {}) =>
    client().filesUpload({ path, contents: Buffer.from(text), ...more });
  const first = await upload('/a/b.jpg', 'one');
  expect((await upload('/A/B.jpg', 'one')).result.rev).toBe(first.result.rev);
  const conflict = (tag: string) => ({
    status: 409,
    error: { error: { '.tag': 'path', reason: { '.tag': 'conflict', conflict: { '.tag': tag } } } },
  });
  expect(await errorOf(upload('/a/b.jpg', 'two'))).toMatchObject(conflict('file'));
  expect(await errorOf(upload('/a/b.jpg', 'one', { strict_conflict: true }))).toMatchObject(conflict('file'));
  expect(await errorOf(upload('/a', 'two'))).toMatchObject(conflict('folder'));
  expect(await errorOf(upload('/a/b.jpg/c', 'two'))).toMatchObject(conflict('file_ancestor'));
  expect((await upload('/a/b.jpg', 'two', { autorename: true })).result.name).toBe('b (2).jpg');
  expect((await upload('/a/b.jpg', 'three', { mode: { '.tag': 'overwrite' } })).result.rev).not.toBe(first.result.rev);
  expect(server.account.counts).toEqual({ written: 2, unchanged: 1, rewritten: 1 });
});

const refusals = [
  ['a wrong hash', { path: '/a', content_hash: '0'.repeat(64) }, 409, { error: { '.tag': 'content_hash_mismatch' } }],
  ['a slash at the end', { path: '/a/' }, 409, { error: { reason: { '.tag': 'malformed_path' } } }],
  ['a name too long', { path: `/${'a'.repeat(256)}` }, 409, { error: { reason: { '.tag': 'malformed_path' } } }],
  ['a name of its own', { path: '/x/.dropbox' }, 409, { error: { reason: { '.tag': 'disallowed_name' } } }],
  ['a full account', { path: '/large' }, 409, { error: { reason: { '.tag': 'insufficient_space' } } }],
  ['a relative path', { path: 'a' }, 400, /^Error in call to API function "files\/upload"/],
  ['an unknown field', { path: '/a', colour: 'red' }, 400, /^Error in call/],
  ['a time with a fraction', { path: '/a', client_modified: '2026-11-22T10:15:30.123Z' }, 400, /^Error in call/],
] as const;

test.each(refusals)('refuses %s as Dropbox would', async (what, args, status, expected) => {
  server = await openDropboxServer({ quotaBytes: what === 'a full account' ? 2 : 1000 });
  const refusal = await errorOf(client().filesUpload({ ...args, contents: Buffer.from('abc') }));
  expect(refusal.status).toBe(status);
  if (expected instanceof RegExp) expect(refusal.error).toMatch(expected);
  else expect(refusal.error).toMatchObject(expected);
  expect(server.account.list()).toEqual([]);
});

test('the SDK refreshes its token, and a bad one is refused', async () => {
  server = await openDropboxServer({ oauth: { scopes: ['account_info.read'] } });
  const good = client({ refreshToken: 'refresh-token', clientId: 'app-key' });
  expect((await good.checkUser({ query: 'hello' })).result.result).toBe('hello');
  expect((await good.usersGetSpaceUsage()).result.used).toBe(0);
  expect(server.oauth.state.refreshes).toBe(1);
  expect(await errorOf(good.filesUpload({ path: '/a', contents: '' }))).toMatchObject({
    status: 401,
    error: { error: { '.tag': 'missing_scope', required_scope: 'files.content.write' } },
  });
  server.oauth.expireAll();
  expect(await errorOf(good.checkUser({}))).toMatchObject({
    status: 401,
    error: { error: { '.tag': 'expired_access_token' } },
  });
  const bad = client({ refreshToken: 'made-up', clientId: 'app-key' });
  expect(await errorOf(bad.checkUser({}))).toMatchObject({ status: 400, error: { error: 'invalid_grant' } });
  expect(await errorOf(client({ accessToken: 'made-up' }).checkUser({}))).toMatchObject({ status: 401 });
});

test('upload sessions: in pieces, one by one and in a batch', async () => {
  server = await openDropboxServer();
  const sdk = client();
  const start = async (text: string, close: boolean) =>
    (await sdk.filesUploadSessionStart({ contents: Buffer.from(text), close })).result.session_id;

  const open = await start('ab', false);
  expect(
    await errorOf(
      sdk.filesUploadSessionAppendV2({ cursor: { session_id: open, offset: 1 }, contents: Buffer.from('c') }),
    ),
  ).toMatchObject({ status: 409, error: { error: { '.tag': 'incorrect_offset', correct_offset: 2 } } });
  await sdk.filesUploadSessionAppendV2({ cursor: { session_id: open, offset: 2 }, contents: Buffer.from('c') });
  const { result } = await sdk.filesUploadSessionFinish({
    cursor: { session_id: open, offset: 3 },
    commit: { path: '/abc' },
    contents: Buffer.from('d'),
  });
  expect(result).toMatchObject({ name: 'abc', size: 4 });

  const entry = async (path: string, text: string, close = true) => ({
    cursor: { session_id: await start(text, close), offset: text.length },
    commit: { path },
  });
  const lost = { cursor: { session_id: 'gone', offset: 0 }, commit: { path: '/gone' } };
  const { result: batch } = await sdk.filesUploadSessionFinishBatchV2({
    entries: [await entry('/one', '1'), await entry('/abc', 'other'), lost, await entry('/open', 'x', false)],
  });
  expect(batch.entries).toMatchObject([
    { '.tag': 'success', name: 'one' },
    { '.tag': 'failure', failure: { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'file' } } } },
    { '.tag': 'failure', failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_found' } } },
    { '.tag': 'failure', failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_closed' } } },
  ]);
});

test('keeps files over a restart if it has a folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-dropbox-'));
  server = await openDropboxServer({ dir });
  const { result } = await client().filesUpload({ path: '/Kitchen/a.jpg', contents: Buffer.from('abc') });
  await server.close();
  server = await openDropboxServer({ dir });
  const { result: again } = await client().filesUpload({ path: '/kitchen/A.jpg', contents: Buffer.from('abc') });
  expect(again).toMatchObject({ path_display: '/Kitchen/a.jpg', content_hash: result.content_hash });
  expect(server.account.counts).toEqual({ written: 0, unchanged: 1, rewritten: 0 });
  expect(await readFile(join(dir, 'Kitchen/a.jpg'), 'utf8')).toBe('abc');
  await rm(dir, { recursive: true });
});

test('simultaneous writes refuse each other', async () => {
  server = await openDropboxServer({ lockMilliseconds: 50 });
  const calls = ['/a', '/b'].map((path) => client().filesUpload({ path, contents: Buffer.from(path) }));
  const results = await Promise.allSettled(calls);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('the same seed gives the same faults', async () => {
  server = await openDropboxServer();
  const run = async () => {
    await fetch(`${server.url}/control/faults`, {
      method: 'POST',
      body: JSON.stringify({ random: { seed: 7, share: 0.5, kinds: ['rate_limit', 'error_500', 'reset_after'] } }),
    });
    const seen: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const answer = await fetch(`${server.url}/2/check/user`, { method: 'POST' }).catch(() => undefined);
      seen.push(String(answer?.status));
    }
    return seen;
  };
  const first = await run();
  expect(await run()).toEqual(first);
  expect(new Set(first)).toEqual(new Set(['401', '429', '500', 'undefined']));
});
