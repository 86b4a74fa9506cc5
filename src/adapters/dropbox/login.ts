import { DropboxResponseError } from 'dropbox';
import { FetchError } from '../../async/bounded-fetch.js';
import { createDropboxAuth } from './auth.js';
import { createDropboxFetch, type Fetch } from './fetch.js';

/** What a login needs. */
export type LoginOptions = {
  readonly appKey: string;
  /** one origin instead of Dropbox's own */
  readonly apiUrl?: string | undefined;
  readonly signal: AbortSignal;
};

/** A login that waits for the user. */
export type PendingLogin = {
  /** the page on which the user allows access and is shown a code */
  readonly url: string;
  /** Exchanges the code for a refresh token. Throws an error that says what to do. */
  finish(code: string): Promise<string>;
};

/** Begins a login for an app without a secret (OAuth 2 with PKCE, RFC 7636) that lasts, which Dropbox calls `offline`. */
export async function beginLogin({ appKey, apiUrl, signal }: LoginOptions): Promise<PendingLogin> {
  const toDropbox = createDropboxFetch({ apiUrl });
  const fetch: Fetch = (url, init) => toDropbox(url, { ...init, signal });
  const auth = createDropboxAuth({ appKey }, fetch);
  const page = new URL(await auth.getAuthenticationUrl('', undefined, 'code', 'offline', undefined, 'none', true));
  return {
    url: new URL(page.pathname + page.search, apiUrl ?? page.origin).href,
    finish: async (code) => {
      const { result } = await auth.getAccessTokenFromCode('', encodeURIComponent(code)).catch(explainRefusal);
      return readRefreshToken(result);
    },
  };
}

function explainRefusal(cause: unknown): never {
  if (cause instanceof FetchError) throw new Error(`Dropbox cannot be reached: ${cause.message}`, { cause });
  if (!(cause instanceof DropboxResponseError)) throw cause;
  const { error, error_description } = Object(cause.error) as { error?: unknown; error_description?: unknown };
  const reason = [error, error_description].filter((part) => typeof part === 'string').join(', ');
  throw new Error(
    `Dropbox did not accept the code (${reason || `status ${cause.status}`}): a code is valid for one try and a few minutes, so begin again`,
    { cause },
  );
}

function readRefreshToken(answer: object): string {
  const { refresh_token, scope } = answer as { refresh_token?: unknown; scope?: unknown };
  if (typeof scope === 'string' && !scope.split(' ').includes('files.content.write')) {
    throw new Error(
      'the Dropbox app lacks the permission files.content.write: select it in the app console (Permissions), submit, and begin again',
    );
  }
  if (typeof refresh_token !== 'string' || refresh_token === '') throw new Error('Dropbox gave no refresh token');
  return refresh_token;
}
