import type { FastifyInstance } from 'fastify';
import { type ApiNeeds, apiRoutes, registerApi } from './api.js';
import { type EventStream, registerEvents } from './events.js';
import type { Authenticator, AuthOptions } from './authentication.js';
import { sendSnapshot } from './send-snapshot.js';
import { type LiveStreams, registerLive } from './live.js';
import { openApiDocument } from './openapi.js';
import { registerDocument } from './document.js';
import { readPageFiles, registerAssets } from './page-files.js';
import { requireLogin, registerSession } from './session.js';
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

  registerDocument(app, authenticator, files, { url: '/', file: 'index.html' });

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
