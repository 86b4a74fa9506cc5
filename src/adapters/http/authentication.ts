import { createHmac } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { wallSeconds } from '../../async/clock.js';
import { admit } from './connections.js';
import { ingressFrom, type IsIngress, cookiePath } from './ingress.js';
import { createPasswordCheck, type PasswordResult } from './password-check.js';

/** Who may see the page. */
export type AuthOptions = {
  /** undefined: the page is closed */
  readonly password: string | undefined;
  /** signs the sessions: they survive a restart, and end when the secret or the password changes */
  readonly secret: string;
  /** whether the header `roomwatch-page` is a token of the page of all rooms, which has checked the login itself */
  readonly isPageToken?: (token: string) => boolean;
  /** the address of Home Assistant's Supervisor, if it is there: whoever it passes on is logged in with Home Assistant */
  readonly ingressFrom?: string | undefined;
  /** part of the cookie's name, because a browser sends the same cookies to every port of a host */
  readonly room: string;
};

/** The result of an authentication. */
export type AuthResult = PasswordResult | { readonly kind: 'no_password' };

/** Authenticates requests by a session cookie, by the password itself (HTTP Basic, any user name), or by Home Assistant. */
export type Authenticator = {
  authenticate(request: FastifyRequest): Promise<AuthResult>;
  /** Checks a password; after a wrong one, the next ones wait (see `createPasswordCheck`). */
  checkPassword(password: string, request: FastifyRequest): Promise<AuthResult>;
  openSession(request: FastifyRequest, reply: FastifyReply): void;
  endSession(request: FastifyRequest, reply: FastifyReply): void;
  /** whether the request comes through Home Assistant, from somebody who is logged in there */
  readonly isIngress: IsIngress;
};

/** The header by which the page of all rooms opens a detector. */
export const pageTokenHeader = 'roomwatch-page';

const sessionSeconds = 30 * 86_400;
const cookieOptions = { httpOnly: true, sameSite: 'strict' } as const;

/**
 * Registers the cookies of `app`. Sessions need no memory: the cookie holds its end (seconds since the Unix epoch) and a
 * signature.
 */
export async function registerAuthentication(app: FastifyInstance, options: AuthOptions): Promise<Authenticator> {
  await app.register(cookie, { secret: sessionKey(options) });
  const cookieName = `roomwatch_${options.room}`;
  const isIngress = ingressFrom(options.ingressFrom);
  const comparePassword = options.password === undefined ? undefined : createPasswordCheck(options.password);

  function hasSession(request: FastifyRequest): boolean {
    const { valid, value } = request.unsignCookie(request.cookies[cookieName] ?? '');
    return valid && Number(value) > wallSeconds();
  }

  async function checkPassword(password: string, request: FastifyRequest): Promise<AuthResult> {
    if (comparePassword === undefined) return { kind: 'no_password' };
    const result = await comparePassword(password, request);
    if (result.kind === 'authenticated') admit(request.raw.socket, 'viewer');
    return result;
  }

  return {
    isIngress,
    checkPassword,
    async authenticate(request) {
      const token = request.headers[pageTokenHeader];
      const hasToken = typeof token === 'string' && options.isPageToken?.(token) === true;
      if (hasToken || isIngress(request.raw)) {
        admit(request.raw.socket, 'viewer');
        return { kind: 'authenticated' };
      }
      if (comparePassword === undefined) return { kind: 'no_password' };
      if (hasSession(request)) {
        admit(request.raw.socket, 'viewer');
        return { kind: 'authenticated' };
      }
      const password = basicPassword(request.headers.authorization);
      return password === undefined ? { kind: 'denied' } : checkPassword(password, request);
    },
    openSession(request, reply) {
      // A proxy that ends TLS sends this header; a false one only makes the client's own cookie stricter.
      const secure = request.headers['x-forwarded-proto'] === 'https';
      const endsAt = String(Math.floor(wallSeconds()) + sessionSeconds);
      reply.setCookie(cookieName, endsAt, {
        ...{ ...cookieOptions, path: cookiePath(request.raw) },
        ...{ maxAge: sessionSeconds, secure, signed: true },
      });
    },
    endSession: (request, reply) =>
      void reply.clearCookie(cookieName, { ...cookieOptions, path: cookiePath(request.raw) }),
  };
}

/** The key that signs the sessions: sessions survive a restart, and end when the secret or the password changes. */
function sessionKey({ secret, password = '' }: AuthOptions): Buffer {
  return createHmac('sha256', secret).update(`page session\0${password}`).digest();
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
