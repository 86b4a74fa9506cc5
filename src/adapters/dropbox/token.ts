import { DropboxAuth } from 'dropbox';
import { createDropboxAuth } from './auth.js';
import { FetchError } from '../../async/bounded-fetch.js';
import type { Fetch } from './fetch.js';

/** How the program gets access to a Dropbox: a refresh token lasts, an access token alone expires after hours. */
export type DropboxLogin =
  { readonly appKey: string; readonly refreshToken: string } | { readonly accessToken: string };

/**
 * A fetch that sends the access token along. With a refresh token it gets a new one five minutes before the old one
 * expires, and once more if Dropbox refuses it; all callers share one request. Throws the DropboxResponseError of the
 * authorization server if it gives no token.
 */
export function createAuthorizedFetch(login: DropboxLogin, fetch: Fetch): Fetch {
  const renewable = 'refreshToken' in login;
  const auth = renewable ? createDropboxAuth(login, fetch) : new DropboxAuth({ accessToken: login.accessToken });
  let checking: Promise<void> | undefined;

  async function getToken(signal: AbortSignal | null | undefined): Promise<string> {
    let token = '';
    // A check that began before the token was refused ends without one.
    while (token === '') {
      checking ??= auth.checkAndRefreshAccessToken().finally(() => (checking = undefined));
      await orAborted(checking, signal);
      token = auth.getAccessToken();
    }
    return token;
  }

  function send(token: string, url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers });
  }

  return async (url, init = {}) => {
    const token = await getToken(init.signal);
    const answer = await send(token, url, init);
    if (answer.status !== 401 || !renewable || !isTokenRefused(await answer.clone().text())) return answer;
    if (auth.getAccessToken() === token) auth.setAccessToken('');
    return send(await getToken(init.signal), url, init);
  };
}

/** Also `invalid_access_token`: either a new token helps, or its refusal says why none can. */
function isTokenRefused(body: string): boolean {
  return /"\.tag"\s*:\s*"(expired|invalid)_access_token"/.test(body);
}

/** Stops waiting once `signal` is aborted; the promise, which other callers share, goes on. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new FetchError('stopped', 'stopped on request', false));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
