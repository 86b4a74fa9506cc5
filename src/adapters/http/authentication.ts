import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
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

/** Throttles wrong tries by address, and compares in constant time. Sessions need no memory: the cookie is signed. */
export function createAuthenticator(options: AuthOptions): Authenticator {
  const throttle = createLoginThrottle();
  const cookieName = `roomwatch_${options.room}`;
  const attributes = '; Path=/; HttpOnly; SameSite=Strict';
  const key = createHmac('sha256', options.secret)
    .update(`page session\0${options.password ?? ''}`)
    .digest();
  const sign = (expires: string) => createHmac('sha256', key).update(expires).digest('base64url');

  const checkPassword = (given: string, request: FastifyRequest): AuthResult => {
    if (options.password === undefined) return { kind: 'no_password' };
    const address = networkOf(request.ip);
    const waitSeconds = throttle.waitSeconds(address, wallSeconds());
    if (waitSeconds > 0) return { kind: 'throttled', waitSeconds: Math.ceil(waitSeconds) };
    if (!equal(given, options.password)) {
      throttle.loginFailed(address, wallSeconds());
      return { kind: 'denied' };
    }
    throttle.loginSucceeded(address);
    return { kind: 'authenticated' };
  };

  return {
    checkPassword,
    authenticate(request) {
      if (options.password === undefined) return { kind: 'no_password' };
      const [expires, signature] = cookie(request.headers.cookie, cookieName)?.split('.') ?? [];
      if (
        expires !== undefined &&
        signature !== undefined &&
        equal(signature, sign(expires)) &&
        Number(expires) > wallSeconds()
      )
        return { kind: 'authenticated' };
      const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (basic === undefined) return { kind: 'denied' };
      return checkPassword(
        Buffer.from(basic, 'base64')
          .toString()
          .replace(/^[^:]*:/, ''),
        request,
      );
    },
    openSession(request, reply) {
      // A proxy that ends TLS sends this header; a false one only makes the client's own cookie stricter.
      const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
      const expires = String(Math.floor(wallSeconds()) + sessionSeconds);
      const value = `${expires}.${sign(expires)}`;
      reply.header('set-cookie', `${cookieName}=${value}; Max-Age=${sessionSeconds}${attributes}${secure}`);
    },
    endSession: (reply) => void reply.header('set-cookie', `${cookieName}=; Max-Age=0${attributes}`),
  };
}

/** Compares in a time that depends on neither the content nor the length. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function cookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The address to throttle: an IPv4 address, or an IPv6 network of 64 bits, which usually belongs to one user. */
function networkOf(ip: string): string {
  return ip.includes('.') || !ip.includes(':') ? ip : ip.split(':').slice(0, 4).join(':');
}
