import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loginDropbox } from '../../src/commands/login.js';
import { type Config, loadConfig } from '../../src/runtime/config/config.js';
import { readStoredLogin } from '../../src/adapters/files/stored-login.js';
import { type DropboxServer, openDropboxServer } from '../support/dropbox-server.js';

let server: DropboxServer;
let home: string;
beforeEach(async () => {
  server = await openDropboxServer();
  home = await mkdtemp(join(tmpdir(), 'roomwatch-login-'));
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

function configured(env: Record<string, string>): Config {
  const common = { ROOMWATCH_DATA_DIR: join(home, 'data'), ROOMWATCH_DROPBOX_API_URL: server.url };
  const loaded = loadConfig({ file: undefined, env: { ...common, ...env }, secrets: 'later' });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

/** A user who answers each question: with what the page shows, unless other answers are given. */
function user(answers: { appKey?: string; code?: string } = {}) {
  const stdin = new PassThrough();
  const stdout = new PassThrough({ encoding: 'utf8' });
  const read = { text: '' };
  stdout.on('data', (text: string) => {
    read.text += text;
    if (text.startsWith('App key')) stdin.write(`${answers.appKey ?? 'app-key'}\n`);
    if (text.startsWith('Code')) void enterCode();
  });
  async function enterCode() {
    const page = await fetch(/https?:\S+authorize\S+/.exec(read.text)?.[0] ?? '');
    stdin.end(`  ${answers.code ?? /value="([^"]+)"/.exec(await page.text())?.[1]}  \n`);
  }
  return { stdin, stdout, read };
}

const { signal } = new AbortController();
const stored = () => readStoredLogin(join(home, 'data'));

test('stores a login for its owner only; an uploader without a configured one uses it', async () => {
  const terminal = user();
  await loginDropbox({ config: configured({}), file: undefined }, signal, terminal);
  const login = stored();
  expect(login).toMatchObject({ app_key: 'app-key' });
  expect((await stat(join(home, 'data', 'dropbox-login.json'))).mode & 0o777).toBe(0o600);
  expect(terminal.read.text).not.toContain(login?.refresh_token);

  const env = { ROOMWATCH_ARCHIVE_KIND: 'dropbox', ROOMWATCH_DATA_DIR: join(home, 'data') };
  expect(loadConfig({ file: undefined, env, readLogin: readStoredLogin })).toMatchObject({
    config: { dropbox: login },
  });
  const otherApp = loadConfig({
    file: undefined,
    env: { ...env, ROOMWATCH_DROPBOX_APP_KEY: 'another' },
    readLogin: readStoredLogin,
  });
  expect(otherApp).toHaveProperty('problems');
});

test('does not ask for a configured app key; a new login replaces the old one', async () => {
  const config = configured({ ROOMWATCH_DROPBOX_APP_KEY: 'app-key' });
  const terminal = user();
  await loginDropbox({ config, file: undefined }, signal, terminal);
  expect(terminal.read.text).not.toContain('App key');
  const first = stored();
  await loginDropbox({ config, file: undefined }, signal, user());
  expect(stored()).not.toEqual(first);
  expect(await readdir(join(home, 'data'))).toEqual(['dropbox-login.json']);
});

test('reports a wrong code and a missing permission, and stores nothing', async () => {
  await expect(
    loginDropbox({ config: configured({}), file: undefined }, signal, user({ code: 'made&up=1' })),
  ).rejects.toThrow(/did not accept the code/);
  server.oauth.state.scopes = new Set(['account_info.read']);
  await expect(loginDropbox({ config: configured({}), file: undefined }, signal, user())).rejects.toThrow(
    /files.content.write/,
  );
  expect(stored()).toBeUndefined();
});

test('fails without an answer', async () => {
  const terminal = { stdin: new PassThrough().end(), stdout: new PassThrough() };
  await expect(loginDropbox({ config: configured({}), file: undefined }, signal, terminal)).rejects.toThrow(
    'no app key was given',
  );
});

test('stops while it waits for an answer', async () => {
  const stop = new AbortController();
  const stdout = new PassThrough({ encoding: 'utf8' }).once('data', () => stop.abort());
  await expect(
    loginDropbox({ config: configured({}), file: undefined }, stop.signal, { stdin: new PassThrough(), stdout }),
  ).rejects.toThrow(/abort/);
});

test('a damaged stored login is a problem of the configuration, except for a new login', async () => {
  await writeFile(join(home, 'dropbox-login.json'), '{}');
  const env = { ROOMWATCH_ARCHIVE_KIND: 'dropbox', ROOMWATCH_DATA_DIR: home };
  const loaded = loadConfig({ file: undefined, env, readLogin: readStoredLogin });
  expect('problems' in loaded && loaded.problems.join('\n')).toMatch(/dropbox-login.json holds no login/);
  expect(loadConfig({ file: undefined, env, secrets: 'later', readLogin: readStoredLogin })).toHaveProperty('config');
});

test('a stored login takes precedence over a configured access token, which expires after hours', async () => {
  await writeFile(join(home, 'dropbox-login.json'), '{"app_key":"app","refresh_token":"stored"}');
  const env = { ROOMWATCH_ARCHIVE_KIND: 'dropbox', ROOMWATCH_DATA_DIR: home, ROOMWATCH_DROPBOX_ACCESS_TOKEN: 'old' };
  expect(loadConfig({ file: undefined, env, readLogin: readStoredLogin })).toHaveProperty(
    'config.dropbox.refresh_token',
    'stored',
  );
});
