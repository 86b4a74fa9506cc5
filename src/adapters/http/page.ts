import type { FastifyInstance } from 'fastify';
import { type ApiNeeds, apiRoutes, registerApi } from './api.js';
import { type EventStream, registerEvents } from './events.js';
import type { Authenticator, AuthOptions } from './authentication.js';
import { sendSnapshot } from './send-snapshot.js';
import { type LiveStreams, registerLive } from './live.js';
import { openApiDocument } from './openapi.js';
import { readPageFiles, registerAssets, sendPageFile } from './page-files.js';
import { requireLogin, denyAccess, registerSession } from './session.js';
import { snapshotIdOf, type SnapshotNeeds } from './snapshots.js';

/** The files and the version of the page, and who may see it. */
export type PageOptions = AuthOptions & {
  /** the folder of the built page */
  readonly webDir: string;
  readonly version: string;
};

/** Sends pictures and events to the viewers of the page. */
export type PageServer = LiveStreams & EventStream;

/** Serves the page, its API and its streams (docs/contract.md §4), all behind the password. */
export async function registerPage(
  app: FastifyInstance,
  needs: ApiNeeds & Pick<SnapshotNeeds, 'findSnapshot'>,
  options: PageOptions,
  authenticator: Authenticator,
): Promise<PageServer> {
  const files = await readPageFiles(options.webDir);
  const routes = apiRoutes(needs);
  registerAssets(app, files);
  registerSession(app, authenticator);

  app.get('/', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const result = await authenticator.authenticate(request);
    switch (result.kind) {
      case 'authenticated':
        return sendPageFile(request, reply, files, 'index.html');
      case 'no_password':
        return sendPageFile(request, reply.code(403), files, 'no-password.html');
      case 'throttled':
        reply.header('retry-after', result.waitSeconds);
        return sendPageFile(request, reply.code(429), files, 'login.html');
      case 'denied':
        // A browser logs every 401 as an error in its console, so only other clients get one.
        if (request.headers.accept?.includes('text/html')) return sendPageFile(request, reply, files, 'login.html');
        return denyAccess(reply, result, 'Log in first: open the page in a browser.');
    }
  });

  let server: PageServer | undefined;
  await app.register((inner) => {
    requireLogin(inner, authenticator);
    registerApi(inner, routes, openApiDocument(routes, options.version));
    inner.get<{ Params: { file: string } }>('/api/snapshots/:file', async (request, reply) => {
      const id = snapshotIdOf(request.params.file);
      return sendSnapshot(request, reply, id ?? '', id === undefined ? 'unknown' : await needs.findSnapshot(id));
    });
    server = { ...registerLive(inner), ...registerEvents(inner, () => needs.state()) };
    return Promise.resolve();
  });
  if (server === undefined) throw new Error('the routes of the page were not registered');
  return server;
}
