import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { type HealthReport, registerHealth } from './health.js';
import { registerMetrics } from './metrics.js';
import type { ApiNeeds } from './api.js';
import { type PageOptions, type PageServer, registerPage } from './page.js';
import { registerSecurityHeaders } from './security-headers.js';
import { registerSnapshots, type SnapshotNeeds } from './snapshots.js';

/** What the server needs from the detector; every function may be called at any time until `close`. */
export type HttpNeeds = SnapshotNeeds & {
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  health(): HealthReport | Promise<HealthReport>;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
};

/** The address the server listens on, and the URL under which others reach it. */
export type HttpOptions = {
  readonly host: string;
  /** 0 takes a free port */
  readonly port: number;
  /** Snapshot URLs begin with this, without a slash at the end; by default the address the server listens on. */
  readonly publicUrl?: string | undefined;
};

/** A running server; `port` is its actual port. */
export type HttpServer = {
  readonly port: number;
  /** Snapshot URLs begin with this; no slash at the end. */
  readonly publicUrl: string;
  /** undefined if the server was opened without a page */
  readonly page: PageServer | undefined;
  /** Ends open connections too, within a second. */
  close(): Promise<void>;
};

/** Listens; throws an Error that says what to do if the address cannot be used. */
export async function openHttp(
  needs: HttpNeeds,
  options: HttpOptions,
  page?: { readonly needs: ApiNeeds; readonly options: PageOptions },
): Promise<HttpServer> {
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
  });
  app.server.maxConnections = 128;

  let publicUrl = options.publicUrl?.replace(/\/+$/, '') ?? '';
  setErrorAnswers(app, needs.log);
  await registerSecurityHeaders(app, publicUrl.startsWith('https:'));
  registerSnapshots(app, needs);
  registerHealth(app, () => needs.health());
  registerMetrics(app, () => needs.metrics());
  const findSnapshot = (id: string) => needs.findSnapshot(id);
  const pageServer = page && (await registerPage(app, { ...page.needs, findSnapshot }, page.options));

  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (cause) {
    await app.close();
    throw new Error(whyNotListening(cause as NodeJS.ErrnoException, options), { cause });
  }
  const port = (app.server.address() as { port: number }).port;
  if (publicUrl === '') publicUrl = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  return { port, publicUrl, page: pageServer, close: () => app.close() };
}

/** Answers errors in JSON; logs an unexpected error with its route, never with its URL, which may hold a signature. */
function setErrorAnswers(app: FastifyInstance, log: HttpNeeds['log']): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', message: 'There is nothing here.' }),
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: 'bad_request', message: error.message });
    log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return reply.code(500).send({ error: 'failed', message: 'Something went wrong; see the log of the detector.' });
  });
}

function whyNotListening(error: NodeJS.ErrnoException, { host, port }: HttpOptions): string {
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
