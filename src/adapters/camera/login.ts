import { createHash, randomBytes } from 'node:crypto';

/** The user name and password of an address, not encoded. */
export type Credentials = { readonly user: string; readonly password: string };

type Challenge = Readonly<Record<string, string>>;

/** Answers what servers ask for: HTTP's Basic (RFC 7617) and Digest (RFC 7616) authentication. */
export function createLogin({ user, password }: Credentials) {
  let digest: Challenge | undefined;
  let basic = false;
  let count = 0;

  const digestHeader = (challenge: Challenge, method: string, uri: string): string => {
    const { realm = '', nonce = '', opaque, algorithm = 'MD5' } = challenge;
    const hash = (text: string) => createHash(hashName(algorithm)).update(text).digest('hex');
    const nc = (++count).toString(16).padStart(8, '0');
    const cnonce = randomBytes(8).toString('hex');
    const plain = hash(`${user}:${realm}:${password}`);
    const secret = /-sess$/i.test(algorithm) ? hash(`${plain}:${nonce}:${cnonce}`) : plain;
    const request = hash(`${method}:${uri}`);
    const qop = /\bauth\b/.test(challenge['qop'] ?? '');
    const response = hash(qop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`);
    const quoted = Object.entries({ username: user, realm, nonce, uri, response, ...(opaque && { opaque }) })
      .map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`)
      .join(', ');
    return `Digest ${quoted}, algorithm=${algorithm}${qop ? `, qop=auth, nc=${nc}, cnonce="${cnonce}"` : ''}`;
  };

  return {
    /** The `Authorization` header of the next request; undefined until a server has asked for one. */
    header(method: string, uri: string): string | undefined {
      if (digest !== undefined) return digestHeader(digest, method, uri);
      return basic ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined;
    },
    /** Takes a server's `WWW-Authenticate`; false if it asks for something unknown. */
    learn(challenges: string): boolean {
      digest = readDigest(challenges);
      basic = digest === undefined && /\bbasic\b/i.test(challenges);
      count = 0;
      return basic || digest !== undefined;
    },
  };
}

/** The first digest challenge whose algorithm is known. */
function readDigest(challenges: string): Challenge | undefined {
  return challenges
    .split(/\bdigest\s+/i)
    .slice(1)
    .map((text) =>
      Object.fromEntries(
        [
          ...text
            .split(/,\s*(?:basic|bearer|negotiate)\b/i, 1)
            .join()
            .matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g),
        ].map(([, name = '', quoted, bare = '']) => [name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare]),
      ),
    )
    .find(({ algorithm = 'MD5' }) => /^(?:MD5|SHA-256)(?:-sess)?$/i.test(algorithm));
}

function hashName(algorithm: string): string {
  return /^SHA-256/i.test(algorithm) ? 'sha256' : 'md5';
}
