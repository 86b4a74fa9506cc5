import { createHash, randomBytes } from 'node:crypto';
import { parseJsonObject } from '../../domain/contract/read-json.js';
import { createDropboxFetch } from './fetch.js';

/** A login under way. `verifier` proves, when the code comes back, that it was asked for here. */
export type PendingLogin = {
  readonly appKey: string;
  /** one origin instead of Dropbox's own */
  readonly apiUrl: string | undefined;
  /** the page on which the user says yes and is shown a code */
  readonly url: string;
  readonly verifier: string;
};

/** Begins a login for an app without a secret (OAuth 2 with PKCE, RFC 7636) that may last: `offline` is Dropbox's word for it. */
export function beginLogin(appKey: string, apiUrl?: string): PendingLogin {
  const verifier = randomBytes(48).toString('base64url');
  const url = new URL('/oauth2/authorize', apiUrl ?? 'https://www.dropbox.com');
  url.search = new URLSearchParams({
    client_id: appKey,
    response_type: 'code',
    token_access_type: 'offline',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return { appKey, apiUrl, url: url.href, verifier };
}

/** Turns the code into a refresh token. Throws an error that says what to do. */
export async function finishLogin(login: PendingLogin, code: string, signal: AbortSignal): Promise<string> {
  const answer = await createDropboxFetch({ apiUrl: login.apiUrl })('https://api.dropboxapi.com/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: login.appKey,
      code_verifier: login.verifier,
    }),
    signal,
  });
  const { error, error_description, refresh_token, scope } = parseJsonObject(await answer.text());
  if (!answer.ok) {
    const reason = [error, error_description].filter((part) => typeof part === 'string').join(', ');
    throw new Error(
      `Dropbox did not take the code (${reason || `status ${answer.status}`}): a code holds for one try and a few minutes, so begin again`,
    );
  }
  if (typeof scope === 'string' && !scope.split(' ').includes('files.content.write')) {
    throw new Error(
      'the Dropbox app lacks the permission files.content.write: tick it in the app console (Permissions), submit, and begin again',
    );
  }
  if (typeof refresh_token !== 'string' || refresh_token === '') throw new Error('Dropbox gave no refresh token');
  return refresh_token;
}
