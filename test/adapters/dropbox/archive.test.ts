import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDropboxArchive } from '../../../src/adapters/dropbox/archive.js';
import type { Archive } from '../../../src/domain/uploads/archive.js';
import type { Fault } from '../../support/dropbox-faults.js';
import { dropboxHash } from '../../support/dropbox-account.js';
import { type DropboxServer, openDropboxServer } from '../../support/dropbox-server.js';

const { signal } = new AbortController();
const login = { appKey: 'app-key', refreshToken: 'refresh-token' };
let server: DropboxServer;
let archive: Archive;

beforeEach(async () => {
  server = await openDropboxServer();
  archive = createDropboxArchive({ login, apiUrl: server.url, timeoutSeconds: 1 });
});
afterEach(() => server.close());

function deposit(path: string, content = `picture at ${path}`, otherPath?: string) {
  return { path, otherPath, bytes: Buffer.from(content), takenAt: Date.parse('2026-11-22T10:15:30.987Z') / 1000 };
}
const many = (count: number) => Array.from({ length: count }, (_, index) => deposit(`/kitchen/${index}.jpg`));
const kinds = (outcomes: readonly { kind: string }[]) => outcomes.map(({ kind }) => kind);
const fail = (...script: Fault[]) => server.faults.plan({ script });

test('stores a picture with its hash and time, without renaming or notification', async () => {
  const outcomes = await archive.store([deposit('/kitchen/a.jpg', 'abc')], signal);
  const hash = dropboxHash(Buffer.from('abc'));
  expect(outcomes).toEqual([{ kind: 'stored', path: '/kitchen/a.jpg', contentHash: hash }]);
  expect(server.account.find('/kitchen/a.jpg')).toMatchObject({
    content_hash: hash,
    client_modified: '2026-11-22T10:15:30Z',
    path_display: '/kitchen/a.jpg',
  });
  expect(server.requests.map(({ route }) => route)).toEqual(['/oauth2/token', '/2/files/upload']);
});

test.each(['apps/roomwatch', '/apps/roomwatch/', '//apps/roomwatch//'])('the base path %s', async (basePath) => {
  archive = createDropboxArchive({ login, apiUrl: server.url, basePath });
  expect(await archive.store([deposit('/a.jpg')], signal)).toMatchObject([{ path: '/apps/roomwatch/a.jpg' }]);
  expect(server.account.find('/apps/roomwatch/a.jpg')).toBeDefined();
});

test('commits a backlog in batches', async () => {
  const backlog = many(250);
  const outcomes = await archive.store(backlog, signal);
  expect(outcomes.map((outcome) => outcome.kind === 'stored' && outcome.path)).toEqual(backlog.map(({ path }) => path));
  expect(server.account.counts).toEqual({ written: 250, unchanged: 0, rewritten: 0 });
  expect(server.count('finish_batch_v2')).toBe(3);
  expect(server.count('files/upload')).toBe(0);
  expect(server.account.find('/kitchen/7.jpg')?.client_modified).toBe('2026-11-22T10:15:30Z');
});

test.each([1, 10])('%i stored twice exist once', async (count) => {
  await archive.store(many(count), signal);
  expect(kinds(await archive.store(many(count), signal))).toEqual(Array(count).fill('stored'));
  expect(server.account.counts).toEqual({ written: count, unchanged: count, rewritten: 0 });
});

test.each([1, 10])('uses the other path if the first is taken (among %i)', async (count) => {
  await archive.store([deposit('/now.jpg', 'first')], signal);
  const deposits = [deposit('/now.jpg', 'second', '/now 2.jpg'), ...many(count - 1)];
  for (let repeat = 0; repeat < 2; repeat += 1) {
    expect((await archive.store(deposits, signal))[0]).toMatchObject({ kind: 'stored', path: '/now 2.jpg' });
  }
  expect(await archive.store([deposit('/now.jpg', 'third')], signal)).toMatchObject([
    { kind: 'refused', code: 'conflict' },
  ]);
  expect(server.account.read('/now.jpg')?.toString()).toBe('first');
  expect(server.account.counts.rewritten).toBe(0);
});

const single = [
  ['a rate limit', { kind: 'rate_limit', seconds: 7 }, { why: 'busy', code: 'too_many_requests', waitSeconds: 7 }],
  ['a rate limit of 0 seconds', { kind: 'rate_limit', seconds: 0 }, { why: 'busy', waitSeconds: 1 }],
  ['a rate limit as text', { kind: 'rate_limit_text', seconds: 3 }, { why: 'busy', waitSeconds: 3 }],
  ['a rate limit without details', { kind: 'rate_limit_empty' }, { why: 'busy', waitSeconds: 1 }],
  [
    'contention as 429',
    { kind: 'busy_429', seconds: 2 },
    { why: 'busy', code: 'too_many_write_operations', waitSeconds: 2 },
  ],
  ['contention as 409', { kind: 'busy_409' }, { why: 'busy', code: 'too_many_write_operations', waitSeconds: 1 }],
  ['a full account', { kind: 'no_space' }, { why: 'no_space', code: 'insufficient_space' }],
  ['no permission', { kind: 'no_permission' }, { why: 'auth', code: 'no_write_permission' }],
  ['an unknown reason', { kind: 'new_tag' }, { why: 'unreachable', code: 'unknown_error' }],
  ['an internal error', { kind: 'error_500' }, { why: 'unreachable', code: 'http_500' }],
  ['maintenance', { kind: 'error_503', seconds: 30 }, { why: 'unreachable', code: 'http_503', waitSeconds: 30 }],
  ['a proxy in between', { kind: 'not_found' }, { why: 'unreachable', code: 'http_404' }],
  ['a connection cut before the work', { kind: 'reset_before' }, { why: 'unreachable' }],
  ['a connection cut after the work', { kind: 'reset_after' }, { why: 'unreachable' }],
  ['half an answer', { kind: 'truncated' }, { why: 'unreachable' }],
  ['a web page as the answer', { kind: 'garbage' }, { why: 'unreachable', code: 'bad_answer' }],
  ['an endless answer', { kind: 'huge' }, { why: 'unreachable', code: 'answer_too_large' }],
  ['no answer', { kind: 'stall' }, { why: 'unreachable', code: 'timeout' }],
] as const;

test.each(single)('%s: later, and then exactly once', async (_what, fault, expected) => {
  fail({ ...fault, route: 'files/upload' });
  const [first] = await archive.store([deposit('/a.jpg')], signal);
  expect(first).toMatchObject({ kind: 'later', ...expected });
  expect(server.count('files/upload')).toBe(1);
  expect(kinds(await archive.store([deposit('/a.jpg')], signal))).toEqual(['stored']);
  expect(server.account.counts).toMatchObject({ written: 1, rewritten: 0 });
});

test.each(single)('%s at the commit of a batch: later for all, and then each once', async (_what, fault, expected) => {
  fail({ ...fault, route: 'finish_batch_v2' });
  for (const outcome of await archive.store(many(10), signal))
    expect(outcome).toMatchObject({ kind: 'later', ...expected });
  expect(kinds(await archive.store(many(10), signal))).toEqual(Array(10).fill('stored'));
  expect(server.account.counts).toMatchObject({ written: 10, rewritten: 0 });
});

test('after trouble half-way, commits what was uploaded and does not try the rest', async () => {
  await archive.store([deposit('/warm.jpg')], signal);
  server.faults.plan({
    script: [
      { kind: 'slow', seconds: 0, route: 'start', times: 20 },
      { kind: 'rate_limit', seconds: 9, route: 'start', times: 500 },
    ],
  });
  const outcomes = await archive.store(many(300), signal);
  const stored = outcomes.filter((outcome) => outcome.kind === 'stored');
  expect(stored).toHaveLength(20);
  for (const outcome of outcomes)
    if (outcome.kind !== 'stored') expect(outcome).toMatchObject({ why: 'busy', waitSeconds: 9 });
  expect(server.count('session/start')).toBeLessThan(30);
});

test('each entry of a batch has its own outcome', async () => {
  await archive.store([deposit('/taken.jpg', 'mine')], signal);
  const outcomes = await archive.store([deposit('/taken.jpg', 'yours'), deposit('/.dropbox'), ...many(5)], signal);
  expect(outcomes.slice(0, 2)).toMatchObject([
    { kind: 'refused', code: 'conflict' },
    { kind: 'refused', code: 'disallowed_name' },
  ]);
  expect(kinds(outcomes.slice(2))).toEqual(Array(5).fill('stored'));
});

test('an account that fills up keeps what fits', async () => {
  const backlog = many(10);
  server.account.setQuota(backlog.slice(0, 6).reduce((sum, { bytes }) => sum + bytes.length, 0));
  const outcomes = await archive.store(backlog, signal);
  expect(kinds(outcomes)).toEqual([...Array<string>(6).fill('stored'), ...Array<string>(4).fill('later')]);
  expect(outcomes[9]).toMatchObject({ why: 'no_space' });
});

test('does not repeat a bad request, and keeps its picture', async () => {
  fail({ kind: 'bad_request', route: 'files/upload' });
  const outcomes = await archive.store([deposit('/a.jpg'), deposit('/b.jpg')], signal);
  expect(outcomes).toMatchObject([{ kind: 'later', code: 'bad_request', onlyThis: true }, { kind: 'stored' }]);
  expect(server.count('files/upload')).toBe(2);
});

test('uploads the pictures of a batch one by one if Dropbox refuses the batch as a whole', async () => {
  fail({ kind: 'bad_request', route: 'finish_batch_v2' }, { kind: 'bad_request', route: 'files/upload' });
  expect(kinds(await archive.store(many(5), signal))).toEqual(['later', 'stored', 'stored', 'stored', 'stored']);
});

test.each([
  ['one by one', 3, 'files/upload', 2],
  ['in sessions', 50, 'session/start', 5],
  ['in a batch that is refused', 50, 'files/upload', 2],
])('two refusals in a row for the same reason end the round (%s)', async (_, count, route, most) => {
  fail({ kind: 'bad_request', route: 'finish_batch_v2' }, { kind: 'bad_request', route, times: 100 });
  const outcomes = await archive.store(many(count), signal);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'later', why: 'refused', code: 'bad_request' });
  expect(server.count(route)).toBeLessThanOrEqual(most);
});

const damaged = [
  ['once', 1, 'files/upload', 1, 'stored'],
  ['twice', 2, 'files/upload', 1, 'refused'],
  ['once on the way into a session', 1, 'session/start', 10, 'stored'],
  ['once at the commit', 1, 'finish_batch_v2', 10, 'stored'],
] as const;

test.each(damaged)('a picture that arrives damaged %s', async (_what, times, route, count, expected) => {
  fail({ kind: 'hash_mismatch', route, times });
  const [first] = await archive.store(many(count), signal);
  expect(first).toMatchObject(expected === 'refused' ? { kind: 'refused', code: 'hash_mismatch' } : { kind: 'stored' });
});

test.each([
  ['files/upload', 1],
  ['session/start', 10],
])('a bit that turns over on the way to %s is noticed before anything is stored', async (route, count) => {
  fail({ kind: 'corrupt', route });
  expect(kinds(await archive.store(many(count), signal))).toEqual(Array(count).fill('stored'));
  for (const { path, bytes } of many(count)) expect(server.account.read(path)?.equals(bytes)).toBe(true);
});

test.each([1, 10])('refuses an answer with another hash (%i)', async (count) => {
  fail({ kind: 'wrong_hash', route: 'files/upload', times: 99 }, { kind: 'wrong_hash', route: 'finish_batch_v2' });
  for (const outcome of await archive.store(many(count), signal))
    expect(outcome).toMatchObject({ code: 'hash_mismatch' });
});

test('loses no picture if a web page comes in place of a session', async () => {
  fail({ kind: 'garbage', route: 'session/start' });
  const outcomes = await archive.store(many(10), signal);
  expect(outcomes[0]).toMatchObject({ kind: 'later', code: 'bad_answer' });
  expect(kinds(await archive.store(many(10), signal))).toEqual(Array(10).fill('stored'));
  expect(server.account.counts).toMatchObject({ written: 10, rewritten: 0 });
});

test('stops quickly in the middle and loses nothing', async () => {
  fail({ kind: 'stall', route: 'finish_batch_v2' });
  const stop = new AbortController();
  const storing = archive.store(many(10), stop.signal);
  await expect.poll(() => server.count('finish_batch_v2')).toBe(1);
  stop.abort();
  for (const outcome of await storing) expect(outcome).toMatchObject({ kind: 'later', code: 'stopped' });
  expect(await archive.store(many(1), stop.signal)).toMatchObject([{ kind: 'later', code: 'stopped' }]);
});

test('reports a server that does not exist', async () => {
  const { url } = server;
  await server.close();
  expect(await archive.store([deposit('/a.jpg')], signal)).toMatchObject([
    { kind: 'later', why: 'unreachable', code: 'ECONNREFUSED' },
  ]);
  expect(await archive.check(signal)).toContain('cannot be reached');
  server = await openDropboxServer({ port: Number(new URL(url).port) });
  expect(kinds(await archive.store([deposit('/a.jpg')], signal))).toEqual(['stored']);
});

const checks = [
  ['a good login', login, undefined, undefined],
  ['a good access token', { accessToken: 'access-token' }, undefined, undefined],
  ['a revoked login', { ...login, refreshToken: 'old' }, undefined, /revoked.*roomwatch login dropbox/],
  ['a wrong access token', { accessToken: 'old' }, undefined, /not accept.*roomwatch login dropbox/],
  ['a malformed token', { accessToken: 'two words' }, undefined, /roomwatch login dropbox/],
  ['an app that may only write', login, ['files.content.write'], undefined],
  ['an app that may not write', login, ['account_info.read'], /lacks the permission files.content.write/],
] as const;

test.each(checks)('check: %s', async (_what, credentials, scopes, expected) => {
  if (scopes) server.oauth.state.scopes = new Set(scopes);
  const problem = await createDropboxArchive({ login: credentials, apiUrl: server.url }).check(signal);
  if (expected === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatch(expected);
  expect(server.account.list()).toEqual([]);
});

const basePaths: readonly (readonly [string, (s: DropboxServer) => unknown, RegExp | undefined])[] = [
  ['that is missing, and is made', () => undefined, undefined],
  ['that is there', ({ account }) => account.createFolder('/apps/cams'), undefined],
  [
    'with a file in its way',
    ({ account }) => account.setFile('/apps', Buffer.from('x')),
    /base_path \/apps\/cams.*rename/,
  ],
  [
    'that is a file',
    ({ account }) => account.setFile('/apps/cams', Buffer.from('x')),
    /base_path \/apps\/cams.*rename/,
  ],
  ['that Dropbox refuses', ({ account }) => account.refuseNames(/cams/), /base_path \/apps\/cams.*does not allow/],
  [
    'without permission',
    ({ faults }) => faults.plan({ script: [{ kind: 'no_permission', route: 'create_folder_v2' }] }),
    /base_path \/apps\/cams.*not allow this account/,
  ],
  [
    'behind a server that knows no folders',
    ({ faults }) => faults.plan({ script: [{ kind: 'not_found', route: 'create_folder_v2' }] }),
    undefined,
  ],
];
test.each(basePaths)('check: a base path %s', async (_, prepare, expected) => {
  prepare(server);
  const problem = await createDropboxArchive({ login, apiUrl: server.url, basePath: 'apps/cams' }).check(signal);
  if (expected === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatch(expected);
});

test.each([
  ['has the base path', '/cams', 'team'],
  ['does not have it', '/other', 'account'],
] as const)('the space of a team is used if it %s', async (_, folder, place) => {
  await server.close();
  server = await openDropboxServer({ inTeam: true });
  server.team.createFolder(folder);
  archive = createDropboxArchive({ login, apiUrl: server.url, basePath: '/cams' });
  expect(kinds(await archive.store(many(5), signal))).toEqual(Array(5).fill('stored'));
  expect(server[place].find('/cams/kitchen/3.jpg')).toBeDefined();
  expect(await archive.check(signal)).toBeUndefined();
});

const refusals = [
  'bad_request',
  'proxy_400',
  'proxy_403',
  'proxy_407',
  'proxy_413',
  'path_root',
  'blocked_folder',
] as const;
test.each(refusals)('%s for everything keeps every picture, and names the account or the proxy', async (kind) => {
  fail({ kind, times: 1000 });
  for (const count of [1, 3, 10]) {
    const outcomes = await archive.store(many(count), signal);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'later', why: 'refused' });
  }
  fail();
  expect(kinds(await archive.store(many(10), signal))).toEqual(Array(10).fill('stored'));
});

test.each([11, 12, 13, 14])(
  'everything goes wrong at times (seed %i), and each picture is there once',
  async (seed) => {
    server.faults.plan({ random: { seed, share: 0.3 } });
    const queue = many(120);
    for (let round = 0; queue.length > 0 && round < 500; round += 1) {
      const some = queue.slice(0, 1 + ((seed * 7 + round * 13) % 40));
      const outcomes = await archive.store(some, signal);
      const done = new Set(some.filter((_, index) => outcomes[index]?.kind === 'stored'));
      expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual([]);
      queue.splice(0, queue.length, ...queue.filter((entry) => !done.has(entry)));
    }
    expect(queue).toEqual([]);
    expect(server.account.counts).toMatchObject({ written: 120, rewritten: 0 });
    for (const { path, bytes } of many(120)) expect(server.account.read(path)?.equals(bytes)).toBe(true);
  },
);
