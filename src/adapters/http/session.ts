import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { AuthResult, Authenticator } from './authentication.js';

const login = z.strictObject({ password: z.string().max(1024) });

/** `POST /api/session` opens a session for the right password, `DELETE` ends it. */
export function registerSession(app: FastifyInstance, gate: Authenticator): void {
  app.post('/api/session', async (request, reply) => {
    if (!isSameOrigin(request)) return denyCrossSite(reply);
    const body = login.safeParse(request.body);
    const admission: AuthResult = body.success ? gate.checkPassword(body.data.password, request) : { kind: 'refused' };
    if (admission.kind !== 'in') return denyAccess(reply, admission, 'The password is wrong.');
    gate.openSession(request, reply);
    return reply.code(204).send();
  });
  app.delete('/api/session', async (request, reply) => {
    if (!isSameOrigin(request)) return denyCrossSite(reply);
    gate.endSession(reply);
    return reply.code(204).send();
  });
}

/** Lets through who may see the page, and changes only from the page itself; everybody else is answered here. */
export function requireLogin(app: FastifyInstance, gate: Authenticator): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const admission = gate.authenticate(request);
    if (admission.kind !== 'in')
      return denyAccess(reply, admission, 'Log in first: open the page, or send the password (curl -u :PASSWORD).');
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request)) return denyCrossSite(reply);
    return undefined;
  });
}

/** What somebody gets who is not let in. */
export function denyAccess(reply: FastifyReply, admission: Exclude<AuthResult, { kind: 'in' }>, message: string) {
  reply.header('cache-control', 'no-store');
  switch (admission.kind) {
    case 'no_password':
      return reply.code(403).send({ error: 'no_password', message: noPasswordMessage });
    case 'slowed':
      return reply
        .code(429)
        .header('retry-after', admission.waitSeconds)
        .send({ error: 'slowed', message: 'Too many wrong tries.', wait_seconds: admission.waitSeconds });
    case 'refused':
      // A scheme no browser knows: it asks for no password in a window of its own.
      return reply.code(401).header('www-authenticate', 'Session').send({ error: 'refused', message });
  }
}

const noPasswordMessage = 'No password is configured. Set http.password (or ROOMWATCH_HTTP_PASSWORD) and start again.';

/** A browser says where a request comes from; other clients (curl) do not, and carry no cookie by accident. */
function isSameOrigin(request: FastifyRequest): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  // Said by browsers over TLS and on localhost only; it holds behind a proxy too, which may send another Host.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

function denyCrossSite(reply: FastifyReply) {
  return reply.code(403).send({ error: 'cross_site', message: 'Another site may not do this.' });
}
