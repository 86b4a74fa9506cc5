import type { FastifyInstance } from 'fastify';
import { type ApiNeeds, apiRoutes, registerApi } from './api.js';
import { type EventStream, registerEvents } from './events.js';
import { createAuthenticator, type AuthOptions } from './authentication.js';
import { sendSnapshot } from './send-snapshot.js';
import { type LiveStreams, registerLive } from './live.js';
import { openApiDocument } from './openapi.js';
import { readPageFiles, registerAssets, sendPageFile } from './page-files.js';
import { requireLogin, denyAccess, registerSession } from './session.js';
import { snapshotIdOf, type SnapshotNeeds } from './snapshots.js';

/** What the page is and who may see it. */
export type PageOptions = AuthOptions & {
  /** where the build put the page */
  readonly webDir: string;
  readonly version: string;
};

/** Who watches the page, and how to show them something. */
export type PageServer = LiveStreams & EventStream;

/** Serves the page, its API and its streams (CONTRACT.md §4), all behind the password. */
export async function registerPage(
  app: FastifyInstance,
  needs: ApiNeeds & Pick<SnapshotNeeds, 'findSnapshot'>,
  options: PageOptions,
): Promise<PageServer> {
  const gate = createAuthenticator(options);
  const files = await readPageFiles(options.webDir);
  const routes = apiRoutes(needs);
  registerAssets(app, files);
  registerSession(app, gate);

  app.get('/', (request, reply) => {
    reply.header('cache-control', 'no-store');
    const admission = gate.authenticate(request);
    switch (admission.kind) {
      case 'in':
        return sendPageFile(request, reply, files, 'index.html');
      case 'no_password':
        return sendPageFile(request, reply.code(403), files, 'no-password.html');
      case 'slowed':
        reply.header('retry-after', admission.waitSeconds);
        return sendPageFile(request, reply.code(429), files, 'login.html');
      case 'refused':
        // A browser writes every 401 into its console as an error; whoever asks for no page is refused plainly.
        if (request.headers.accept?.includes('text/html')) return sendPageFile(request, reply, files, 'login.html');
        return denyAccess(reply, admission, 'Log in first: open the page in a browser.');
    }
  });

  let watched: PageServer | undefined;
  await app.register((inner) => {
    requireLogin(inner, gate);
    registerApi(inner, routes, openApiDocument(routes, options.version));
    inner.get<{ Params: { file: string } }>('/api/snapshots/:file', async (request, reply) => {
      const id = snapshotIdOf(request.params.file);
      return sendSnapshot(request, reply, id ?? '', id === undefined ? 'unknown' : await needs.findSnapshot(id));
    });
    watched = { ...registerLive(inner), ...registerEvents(inner, () => needs.state()) };
    return Promise.resolve();
  });
  if (watched === undefined) throw new Error('the routes of the page were not registered');
  return watched;
}
