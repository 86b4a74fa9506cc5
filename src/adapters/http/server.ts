import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { createApp, listen } from './app.js';
import { type HealthReport, registerHealth } from './health.js';
import { registerMetrics } from './metrics.js';
import type { ApiNeeds } from './api.js';
import { type AuthResult, type Authenticator, registerAuthentication } from './authentication.js';
import { ingressFrom } from './ingress.js';
import { isLocalRequest } from './local-request.js';
import { type PageOptions, type PageServer, registerPage } from './page.js';
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
  /** the address under which people open the page, if it is another one */
  readonly pageUrl?: string | undefined;
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
  let publicUrl = options.publicUrl?.replace(/\/+$/, '') ?? '';
  const hosts = [publicUrl, options.pageUrl ?? ''].map((url) =>
    URL.canParse(url) ? new URL(url).hostname : undefined,
  );
  const app = await createApp(needs.log, {
    https: publicUrl.startsWith('https:'),
    hosts: [options.host, ...hosts],
    isIngress: ingressFrom(page?.options.ingressFrom),
  });
  const authenticator = page && (await registerAuthentication(app, page.options));
  const identify = identifier(authenticator);
  registerSnapshots(app, needs);
  registerHealth(
    app,
    () => needs.health(),
    async (request) => (await identify(request)).kind === 'authenticated',
  );
  registerMetrics(app, () => needs.metrics(), identify);
  const findSnapshot = (id: string) => needs.findSnapshot(id);
  const pageServer =
    authenticator && (await registerPage(app, { ...page.needs, findSnapshot }, page.options, authenticator));

  const port = await listen(app, options);
  if (publicUrl === '') publicUrl = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  return { port, publicUrl, page: pageServer, close: () => app.close() };
}

/** Accepts programs on this machine, and others with a session or the password. */
function identifier(authenticator: Authenticator | undefined): (request: FastifyRequest) => Promise<AuthResult> {
  return async (request) => {
    if (isLocalRequest(request)) return { kind: 'authenticated' };
    return authenticator === undefined ? { kind: 'no_password' } : authenticator.authenticate(request);
  };
}
