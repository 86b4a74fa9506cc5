import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { limitConnections } from './connections.js';
import type { IsIngress } from './ingress.js';
import { refuseForeignHosts } from './own-hosts.js';
import { registerSecurityHeaders } from './security-headers.js';

/** How a server is reached. */
export type Reach = {
  /** whether browsers reach it through TLS */
  readonly https: boolean;
  /** the host names under which it answers, besides those of this machine */
  readonly hosts: readonly (string | undefined)[];
  readonly isIngress: IsIngress;
};

/** Makes a server with our limits, error answers and security headers; it does not listen yet. */
export async function createApp(
  log: Pick<FastifyBaseLogger, 'error'>,
  { https, hosts, isIngress }: Reach,
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    requestTimeout: 10_000,
    connectionTimeout: 0,
    keepAliveTimeout: 20_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 2_000 },
    forceCloseConnections: true,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 64 },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  limitConnections(app.server);
  setErrorAnswers(app, log);
  await registerSecurityHeaders(app, https, isIngress);
  refuseForeignHosts(app, hosts, isIngress);
  return app;
}

/** No route has a JSON schema: zod checks what comes in. The packages that compile schemas, some 5 MB of memory, are never loaded. */
function noSchemas(): never {
  throw new Error('routes have no JSON schemas');
}

/** Listens and returns the port; throws an Error that says what to do if the address cannot be used. */
export async function listen(
  app: FastifyInstance,
  address: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (cause) {
    await app.close();
    throw new Error(whyNotListening(cause as NodeJS.ErrnoException, address), { cause });
  }
  return (app.server.address() as { port: number }).port;
}

/** Answers errors in JSON; logs an unexpected error with its route, never with its URL, which may hold a signature. */
function setErrorAnswers(app: FastifyInstance, log: Pick<FastifyBaseLogger, 'error'>): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', message: 'There is nothing here.' }),
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: 'bad_request', message: error.message });
    log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return reply.code(500).send({ error: 'failed', message: 'Something went wrong; see the log.' });
  });
}

function whyNotListening(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `http.port ${port} on ${host} is taken by another program: set http.port to a free port, or stop the other program ("ss -ltnp sport = :${port}" names it)`;
    case 'EACCES':
      return `http.port ${port} may be used only by root: set http.port to a number above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `http.host ${host} is not an address of this machine: set http.host to 127.0.0.1, 0.0.0.0, or an address that "ip address" shows`;
    default:
      return `cannot listen on http.host ${host}, http.port ${port}: ${error.message}`;
  }
}
