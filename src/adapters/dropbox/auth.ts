import { DropboxAuth } from 'dropbox';
import { parseJsonObject } from '../../domain/contract/read-json.js';
import type { Fetch } from './fetch.js';

/** An app of Dropbox without a secret, and the refresh token it was given, if any. */
export type DropboxApp = { readonly appKey: string; readonly refreshToken?: string };

/**
 * The SDK's OAuth 2 client. Its requests go through `fetch`, which knows the time-out and the configured origin: the SDK
 * has no time-out, and its `domain` option is limited to Dropbox's own names.
 */
export function createDropboxAuth({ appKey, refreshToken }: DropboxApp, fetch: Fetch): DropboxAuth {
  return new DropboxAuth({
    fetch: inBody(fetch),
    // The SDK puts them into a URL as they are.
    clientId: encodeURIComponent(appKey),
    ...(refreshToken === undefined ? {} : { refreshToken: encodeURIComponent(refreshToken) }),
  });
}

/**
 * The SDK sends codes and tokens in the query, which proxies log: they belong in the body (RFC 6749 §4.1.3 and §6). Nor
 * does it check an answer of status 200: one without an access token becomes an error of status 502.
 */
function inBody(fetch: Fetch): Fetch {
  return async (url) => {
    const { origin, pathname, searchParams } = new URL(url);
    const answer = await fetch(origin + pathname, { method: 'POST', body: searchParams });
    const { access_token } = parseJsonObject(await answer.clone().text());
    if (!answer.ok || (typeof access_token === 'string' && access_token !== '')) return answer;
    return new Response('no access token in the answer', { status: 502 });
  };
}
