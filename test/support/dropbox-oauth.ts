import { createHash, randomBytes } from 'node:crypto';

type OAuthOptions = {
  readonly appKey?: string;
  /** of a user who has already allowed access */
  readonly refreshToken?: string;
  /** a token that never expires */
  readonly accessToken?: string;
  readonly expiresInSeconds?: number;
  readonly scopes?: readonly string[];
};
type Grant = { expired: boolean; timer: NodeJS.Timeout };
type TokenAnswer = { status: number; body: Record<string, unknown> };

/** Dropbox's authorization server for one app and one user. */
export function createOAuth({
  appKey = 'app-key',
  refreshToken = 'refresh-token',
  accessToken = 'access-token',
  expiresInSeconds = 14_400,
  scopes = ['files.content.write', 'files.metadata.read', 'account_info.read'],
}: OAuthOptions = {}) {
  const grants = new Map<string, Grant>();
  const codes = new Map<string, string>();
  const refreshTokens = new Set([refreshToken]);
  const state = { scopes: new Set(scopes), refreshes: 0, exchanges: 0 };
  let standing = true;

  function issue(): Record<string, unknown> {
    const token = `sl.${randomBytes(16).toString('hex')}`;
    const expire = () => {
      const grant = grants.get(token);
      if (grant !== undefined) grant.expired = true;
    };
    grants.set(token, { expired: false, timer: setTimeout(expire, expiresInSeconds * 1000).unref() });
    return { access_token: token, token_type: 'bearer', expires_in: expiresInSeconds };
  }

  const refuse = (error: string, error_description: string): TokenAnswer => ({
    status: 400,
    body: { error, error_description },
  });

  return {
    state,

    /** Gives the code that the page shows after the user has allowed access; there is no redirect. */
    authorize(query: URLSearchParams): string | undefined {
      const challenge = query.get('code_challenge');
      const fits =
        query.get('client_id') === appKey &&
        query.get('response_type') === 'code' &&
        query.get('token_access_type') === 'offline' &&
        query.get('code_challenge_method') === 'S256';
      if (!fits || challenge === null) return undefined;
      const code = randomBytes(16).toString('base64url');
      codes.set(code, challenge);
      return code;
    },

    token(form: URLSearchParams): TokenAnswer {
      if (form.get('client_id') !== appKey) return refuse('invalid_client', 'Invalid client_id or client_secret');
      if (form.get('grant_type') === 'refresh_token') {
        state.refreshes += 1;
        if (!standing || !refreshTokens.has(form.get('refresh_token') ?? '')) {
          return refuse('invalid_grant', 'refresh token is invalid or revoked');
        }
        return { status: 200, body: issue() };
      }
      if (form.get('grant_type') !== 'authorization_code') return refuse('unsupported_grant_type', 'unknown');
      state.exchanges += 1;
      const code = form.get('code') ?? '';
      const challenge = codes.get(code);
      codes.delete(code);
      const verifier = form.get('code_verifier') ?? '';
      const proven =
        /^[A-Za-z0-9\-._~]{43,128}$/.test(verifier) &&
        createHash('sha256').update(verifier).digest('base64url') === challenge;
      if (!proven) return refuse('invalid_grant', "code doesn't exist or has expired");
      const fresh = `refresh-${randomBytes(8).toString('hex')}`;
      refreshTokens.add(fresh);
      const scope = [...state.scopes].join(' ');
      return { status: 200, body: { ...issue(), refresh_token: fresh, scope, uid: '1', account_id: 'dbid:1' } };
    },

    /** AuthError for the header, or undefined when it may pass; a string is the text of a 400. */
    refusal(authorization: string | undefined, scope: string): string | Record<string, unknown> | undefined {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      if (authorization === undefined) return { '.tag': 'invalid_access_token' };
      if (token === undefined) return 'Invalid authorization value in HTTP header "Authorization"';
      const grant = grants.get(token);
      if (!standing || (grant === undefined && token !== accessToken)) return { '.tag': 'invalid_access_token' };
      if (grant?.expired) return { '.tag': 'expired_access_token' };
      return state.scopes.has(scope) ? undefined : { '.tag': 'missing_scope', required_scope: scope };
    },

    /** Expires every token given out so far. */
    expireAll() {
      for (const grant of grants.values()) grant.expired = true;
    },
    /** Forgets every token given out so far. */
    forgetAll() {
      grants.clear();
    },
    /** The user disconnects the app. */
    revoke() {
      standing = false;
    },
    close() {
      for (const grant of grants.values()) clearTimeout(grant.timer);
    },
  };
}
export type OAuth = ReturnType<typeof createOAuth>;
