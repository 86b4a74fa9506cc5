import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { AuthResult, Authenticator } from './authentication.js';

const noPasswordMessage = 'No password is configured. Set http.password (or ROOMWATCH_HTTP_PASSWORD) and start again.';
const login = z.strictObject({ password: z.string().max(1024) });

/** Serves `/api/session`: POST opens a session if the password is right, DELETE ends it. */
export function registerSession(app: FastifyInstance, authenticator: Authenticator): void {
  app.post('/api/session', async (request, reply) => {
    if (!isSameOrigin(request, authenticator)) return denyCrossSite(reply);
    const body = login.safeParse(request.body);
    const result: AuthResult = body.success
      ? await authenticator.checkPassword(body.data.password, request)
      : { kind: 'denied' };
    if (result.kind !== 'authenticated') return denyAccess(reply, result, 'The password is wrong.');
    authenticator.openSession(request, reply);
    return reply.code(204).send();
  });
  app.delete('/api/session', async (request, reply) => {
    if (!isSameOrigin(request, authenticator)) return denyCrossSite(reply);
    authenticator.endSession(request, reply);
    return reply.code(204).send();
  });
}

/** Requires a session or the password for every route of `app`, and that a browser makes changes from our page only. */
export function requireLogin(app: FastifyInstance, authenticator: Authenticator): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const result = await authenticator.authenticate(request);
    if (result.kind !== 'authenticated')
      return denyAccess(reply, result, 'Log in first: open the page, or send the password (curl -u :PASSWORD).');
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request, authenticator))
      return denyCrossSite(reply);
    return undefined;
  });
}

/** Answers a request without a session or the right password. */
export function denyAccess(
  reply: FastifyReply,
  result: Exclude<AuthResult, { kind: 'authenticated' }>,
  message: string,
) {
  reply.header('cache-control', 'no-store');
  switch (result.kind) {
    case 'no_password':
      return reply.code(403).send({ error: 'no_password', message: noPasswordMessage });
    case 'throttled':
      return reply
        .code(429)
        .header('retry-after', result.waitSeconds)
        .send({ error: 'slowed', message: 'Too many wrong tries.', wait_seconds: result.waitSeconds });
    case 'denied':
      // No browser knows this scheme, so none asks for a password in a window of its own.
      return reply.code(401).header('www-authenticate', 'Session').send({ error: 'refused', message });
  }
}

/** Whether a request comes from our page, or from a client that is not a browser (curl), which sends no cookie by accident. */
function isSameOrigin(request: FastifyRequest, { isIngress }: Authenticator): boolean {
  const { origin, host, 'sec-fetch-site': site, 'x-forwarded-host': forwarded } = request.headers;
  // Browsers send it over TLS and on localhost only. It is right behind a proxy too, which may change Host.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  const from = URL.canParse(origin) ? new URL(origin).host : undefined;
  return from !== undefined && (from === host || (isIngress(request.raw) && from === forwarded));
}

function denyCrossSite(reply: FastifyReply) {
  return reply.code(403).send({ error: 'cross_site', message: 'Another site may not do this.' });
}
