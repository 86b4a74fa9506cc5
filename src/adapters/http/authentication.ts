import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createLoginThrottle } from '../../domain/page/login-throttle.js';
import { wallSeconds } from '../../async/clock.js';

/** Who may see the page. */
export type AuthOptions = {
  /** undefined: the page is closed */
  readonly password: string | undefined;
  /** signs the sessions: they survive a restart, and end when the secret or the password changes */
  readonly secret: string;
  /** part of the cookie's name, because a browser sends the same cookies to every port of a host */
  readonly room: string;
};

/** The result of an authentication; the client must wait `waitSeconds` (a whole number) before its next try. */
export type AuthResult =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'no_password' }
  | { readonly kind: 'throttled'; readonly waitSeconds: number };

/** Authenticates requests by a session cookie, or by the password itself (HTTP Basic, any user name). */
export type Authenticator = {
  authenticate(request: FastifyRequest): AuthResult;
  /** Checks a password; after wrong ones the next try must wait. */
  checkPassword(password: string, request: FastifyRequest): AuthResult;
  openSession(request: FastifyRequest, reply: FastifyReply): void;
  endSession(reply: FastifyReply): void;
};

const sessionSeconds = 30 * 86_400;
const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

/**
 * Registers the cookies of `app`. Wrong tries are throttled by address, passwords compared in constant time. Sessions need no
 * memory: the cookie holds its end (seconds since the Unix epoch) and a signature.
 */
export async function registerAuthentication(app: FastifyInstance, options: AuthOptions): Promise<Authenticator> {
  await app.register(cookie, { secret: sessionKey(options) });
  const cookieName = `roomwatch_${options.room}`;
  const checkPassword = createPasswordCheck(options.password);

  function hasSession(request: FastifyRequest): boolean {
    const { valid, value } = request.unsignCookie(request.cookies[cookieName] ?? '');
    return valid && Number(value) > wallSeconds();
  }

  return {
    checkPassword,
    authenticate(request) {
      if (options.password === undefined) return { kind: 'no_password' };
      if (hasSession(request)) return { kind: 'authenticated' };
      const password = basicPassword(request.headers.authorization);
      return password === undefined ? { kind: 'denied' } : checkPassword(password, request);
    },
    openSession(request, reply) {
      // A proxy that ends TLS sends this header; a false one only makes the client's own cookie stricter.
      const secure = request.headers['x-forwarded-proto'] === 'https';
      const endsAt = String(Math.floor(wallSeconds()) + sessionSeconds);
      reply.setCookie(cookieName, endsAt, { ...cookieOptions, maxAge: sessionSeconds, secure, signed: true });
    },
    endSession: (reply) => void reply.clearCookie(cookieName, cookieOptions),
  };
}

/** The key that signs the sessions: sessions survive a restart, and end when the secret or the password changes. */
function sessionKey({ secret, password = '' }: AuthOptions): Buffer {
  return createHmac('sha256', secret).update(`page session\0${password}`).digest();
}

function createPasswordCheck(password: string | undefined): Authenticator['checkPassword'] {
  const throttle = createLoginThrottle();
  return (given, request) => {
    if (password === undefined) return { kind: 'no_password' };
    const address = networkOf(request.ip);
    const waitSeconds = throttle.waitSeconds(address, wallSeconds());
    if (waitSeconds > 0) return { kind: 'throttled', waitSeconds: Math.ceil(waitSeconds) };
    if (!equal(given, password)) {
      throttle.loginFailed(address, wallSeconds());
      return { kind: 'denied' };
    }
    throttle.loginSucceeded(address);
    return { kind: 'authenticated' };
  };
}

/** The password of an `Authorization: Basic` header (RFC 7617). */
function basicPassword(header = ''): string | undefined {
  const credentials = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header)?.[1];
  return (
    credentials &&
    Buffer.from(credentials, 'base64')
      .toString()
      .replace(/^[^:]*:/, '')
  );
}

/** Compares in a time that depends on neither the content nor the length. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The address to throttle: an IPv4 address, or an IPv6 network of 64 bits, which usually belongs to one user. */
function networkOf(ip: string): string {
  return ip.includes('.') || !ip.includes(':') ? ip : ip.split(':').slice(0, 4).join(':');
}
