import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createLoginThrottle } from '../../domain/page/login-throttle.js';
import { wallSeconds } from '../../async/clock.js';

/** What decides who gets in. */
export type AuthOptions = {
  /** undefined: nobody gets in */
  readonly password: string | undefined;
  /** makes sessions that survive a restart, and end when it or the password changes */
  readonly secret: string;
  /** part of the cookie's name: detectors on one machine share its cookies, whatever their port */
  readonly room: string;
};

/** The answer at the gate; `waitSeconds` are whole ones, until the next try is heard. */
export type AuthResult =
  | { readonly kind: 'in' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'no_password' }
  | { readonly kind: 'slowed'; readonly waitSeconds: number };

/** Knows who may see the page: by a session cookie, or by the password itself (HTTP Basic, any user name). */
export type Authenticator = {
  authenticate(request: FastifyRequest): AuthResult;
  /** Tries a password; wrong ones make the next wait. */
  checkPassword(password: string, request: FastifyRequest): AuthResult;
  openSession(request: FastifyRequest, reply: FastifyReply): void;
  endSession(reply: FastifyReply): void;
};

const sessionSeconds = 30 * 86_400;

/** Slows wrong tries by address, compares in constant time, and keeps no session: a cookie carries its own seal. */
export function createAuthenticator(options: AuthOptions): Authenticator {
  const guard = createLoginThrottle();
  const cookieName = `roomwatch_${options.room}`;
  const attributes = '; Path=/; HttpOnly; SameSite=Strict';
  const key = createHmac('sha256', options.secret)
    .update(`page session\0${options.password ?? ''}`)
    .digest();
  const seal = (expires: string) => createHmac('sha256', key).update(expires).digest('base64url');

  const tryPassword = (given: string, request: FastifyRequest): AuthResult => {
    if (options.password === undefined) return { kind: 'no_password' };
    const who = network(request.ip);
    const waitSeconds = guard.waitSeconds(who, wallSeconds());
    if (waitSeconds > 0) return { kind: 'slowed', waitSeconds: Math.ceil(waitSeconds) };
    if (!equal(given, options.password)) {
      guard.loginFailed(who, wallSeconds());
      return { kind: 'refused' };
    }
    guard.loginSucceeded(who);
    return { kind: 'in' };
  };

  return {
    checkPassword: tryPassword,
    authenticate(request) {
      if (options.password === undefined) return { kind: 'no_password' };
      const [expires, seen] = cookie(request.headers.cookie, cookieName)?.split('.') ?? [];
      if (expires !== undefined && seen !== undefined && equal(seen, seal(expires)) && Number(expires) > wallSeconds())
        return { kind: 'in' };
      const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (basic === undefined) return { kind: 'refused' };
      return tryPassword(
        Buffer.from(basic, 'base64')
          .toString()
          .replace(/^[^:]*:/, ''),
        request,
      );
    },
    openSession(request, reply) {
      // A proxy that ends TLS says so; who lies here only makes his own cookie stricter.
      const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
      const expires = String(Math.floor(wallSeconds()) + sessionSeconds);
      const value = `${expires}.${seal(expires)}`;
      reply.header('set-cookie', `${cookieName}=${value}; Max-Age=${sessionSeconds}${attributes}${secure}`);
    },
    endSession: (reply) => void reply.header('set-cookie', `${cookieName}=; Max-Age=0${attributes}`),
  };
}

/** Compares in a time that depends on neither content nor length. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function cookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Whom a pause is for: one IPv4 address, or one IPv6 network of 64 bits, which one guesser has to himself. */
function network(ip: string): string {
  return ip.includes('.') || !ip.includes(':') ? ip : ip.split(':').slice(0, 4).join(':');
}
