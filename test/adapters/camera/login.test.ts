import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../../src/adapters/camera/http-client.js';
import { createLogin } from '../../../src/adapters/camera/login.js';
import { startHttpCamera } from '../../support/http-camera.js';

/** Computes what a server would (RFC 7616 §3.4.1), from the header that it was sent. */
function isRight(header: string, password: string, method = 'GET'): boolean {
  const fields = Object.fromEntries(
    [...header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(([, name = '', quoted, bare]) => [
      name,
      (quoted ?? bare ?? '').replaceAll(/\\(.)/g, '$1'),
    ]),
  );
  const hash = (text: string) =>
    createHash(fields['algorithm']?.startsWith('SHA-256') === true ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  let secret = hash(`${fields['username']}:${fields['realm']}:${password}`);
  if (fields['algorithm']?.endsWith('-sess') === true)
    secret = hash(`${secret}:${fields['nonce']}:${fields['cnonce']}`);
  const middle = fields['qop'] === undefined ? '' : `${fields['nc']}:${fields['cnonce']}:${fields['qop']}:`;
  return fields['response'] === hash(`${secret}:${fields['nonce']}:${middle}${hash(`${method}:${fields['uri']}`)}`);
}

test.each([
  'Digest realm="cam", nonce="a1b2"',
  'Digest realm="a \\"quoted\\" realm, with a comma", qop="auth,auth-int", nonce="n==", opaque="o", algorithm=MD5',
  'Digest realm="cam",nonce="x",algorithm=MD5-sess,qop="auth"',
  'Digest realm="cam", nonce="x", algorithm=SHA-256, qop=auth',
  'Basic realm="other", Digest realm="cam", nonce="x", qop="auth", Basic realm="third"',
  'Digest realm="new", nonce="y", algorithm=SHA-512-256, Digest realm="cam", nonce="x", algorithm=MD5',
])('digest: %s', (challenge) => {
  const login = createLogin({ user: 'na"me', password: 'pä:ss' });
  expect(login.header('GET', '/a')).toBeUndefined();
  expect(login.learn(challenge)).toBe(true);
  for (const count of ['00000001', '00000002']) {
    const header = login.header('GET', '/video?x=1')!;
    expect(isRight(header, 'pä:ss')).toBe(true);
    if (challenge.includes('qop')) expect(header).toContain(`nc=${count}`);
  }
});

test('basic, and what is not known', () => {
  const login = createLogin({ user: 'u', password: 'p' });
  expect(login.learn('Bearer realm="x"')).toBe(false);
  expect(login.header('GET', '/')).toBeUndefined();
  expect(login.learn('Basic realm="x"')).toBe(true);
  expect(login.header('GET', '/')).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
});

test('one log-in serves all requests; a nonce that has expired costs no refusal; a wrong password is tried once', async () => {
  let nonce = 'first';
  const camera = await startHttpCamera(({ headers: { authorization = '' } }, response) => {
    const right = authorization.includes(`nonce="${nonce}"`) && isRight(authorization, 'right');
    response
      .writeHead(right ? 200 : 401, { 'www-authenticate': `Digest realm="cam", nonce="${nonce}", qop="auth"` })
      .end();
  });
  const url = (password: string) => new URL(`http://user:${password}@127.0.0.1:${camera.port}/`);
  const client = createHttpClient(url('right'), 2);
  for (let n = 0; n < 3; n++) (await client.get()).resume();
  expect(camera.requests).toHaveLength(4);
  nonce = 'second';
  (await client.get()).resume();
  expect(camera.requests).toHaveLength(6);
  client.close();
  const wrong = createHttpClient(url('wrong'), 2);
  await expect(wrong.get()).rejects.toThrow('refuses this user name or password (401)');
  expect(camera.requests).toHaveLength(8);
  wrong.close();
  await camera.close();
});

test('what is for the camera is not sent to another server that it points to', async () => {
  const other = await startHttpCamera((_request, response) =>
    response.writeHead(401, { 'www-authenticate': 'Basic' }).end(),
  );
  const camera = await startHttpCamera((_request, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:${other.port}/` }).end(),
  );
  const client = createHttpClient(new URL(`http://user:secret@127.0.0.1:${camera.port}/`), 2);
  await expect(client.get()).rejects.toThrow('(401)');
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  client.close();
  await other.close();
  await camera.close();
});
