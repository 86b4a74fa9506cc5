import { monotonicSeconds } from '../../async/clock.js';
import { parseJsonObject } from '../../domain/contract/read-json.js';
import { type Fetch, UnreachableError } from './fetch.js';

/** How the program proves whose Dropbox it writes into; a refresh token lasts, an access token alone for hours at most. */
export type DropboxLogin =
  { readonly appKey: string; readonly refreshToken: string } | { readonly accessToken: string };

type Token = { readonly text: string; readonly renewAt: number };
type Refreshed = { readonly token: Token } | { readonly refusal: Response };

/** A token is renewed so long before its end, or at half its life when that is shorter. */
const earlySeconds = 300;

/**
 * A fetch that sends the access token along. It gets one from the refresh token, early before it expires and once more when
 * Dropbox says that it has; all callers share one request for it. Where no token is to be had, the authorization server's
 * refusal is the answer to the call itself.
 * @param seconds a clock that never jumps
 */
export function createAuthorizedFetch(
  login: DropboxLogin,
  fetch: Fetch,
  seconds: () => number = monotonicSeconds,
): Fetch {
  const fixed: Token | undefined = 'accessToken' in login ? { text: login.accessToken, renewAt: Infinity } : undefined;
  let current = fixed;
  let refreshing: Promise<Refreshed> | undefined;

  async function refresh(): Promise<Refreshed> {
    if ('accessToken' in login) throw new Error('an access token alone cannot be renewed');
    const { appKey, refreshToken } = login;
    const answer = await fetch('https://api.dropboxapi.com/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: appKey }),
    });
    if (!answer.ok) return { refusal: answer };
    const { text, lifeSeconds } = readToken(await answer.text());
    if (text === undefined) return { refusal: new Response('no access token in the answer', { status: 502 }) };
    current = { text, renewAt: seconds() + lifeSeconds - Math.min(earlySeconds, lifeSeconds / 2) };
    return { token: current };
  }

  /** @param stale a token that Dropbox would not take */
  async function getToken(stale: string | undefined, signal: AbortSignal | null | undefined): Promise<Refreshed> {
    if (current !== undefined && current.text !== stale && seconds() < current.renewAt) return { token: current };
    refreshing ??= refresh().finally(() => (refreshing = undefined));
    return orAborted(refreshing, signal);
  }

  return async (url, init = {}) => {
    const send = (token: Token) => {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${token.text}`);
      return fetch(url, { ...init, headers });
    };
    const first = await getToken(undefined, init.signal);
    if ('refusal' in first) return first.refusal.clone();
    const answer = await send(first.token);
    if (answer.status !== 401 || fixed !== undefined || !isTokenTrouble(await answer.clone().text())) return answer;
    const second = await getToken(first.token.text, init.signal);
    return 'refusal' in second ? second.refusal.clone() : send(second.token);
  };
}

/** Also `invalid_access_token`: a new token either mends it, or its refusal says why it cannot be mended. */
function isTokenTrouble(body: string): boolean {
  return /"\.tag"\s*:\s*"(expired|invalid)_access_token"/.test(body);
}

function readToken(body: string): { text?: string; lifeSeconds: number } {
  const { access_token, expires_in } = parseJsonObject(body);
  const lifeSeconds = typeof expires_in === 'number' && expires_in > 0 ? expires_in : 4 * 3600;
  return typeof access_token === 'string' && access_token !== ''
    ? { text: access_token, lifeSeconds }
    : { lifeSeconds };
}

/** The refresh is everybody's, so it goes on when one who waits for it is stopped. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new UnreachableError('stopped', 'stopped on request', undefined));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
