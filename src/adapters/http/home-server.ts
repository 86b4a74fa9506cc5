import type { FastifyBaseLogger } from 'fastify';
import type { Overview } from '../../domain/page/overview.js';
import { createApp, listen } from './app.js';
import { type AuthOptions, registerAuthentication } from './authentication.js';
import { registerDocument } from './document.js';
import { ingressFrom } from './ingress.js';
import { readPageFiles, registerAssets } from './page-files.js';
import { registerRoomProxy, type RoomAccess } from './room-proxy.js';
import { registerSession, requireLogin } from './session.js';

/** What the page of all rooms needs. */
export type HomeNeeds = {
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  overview(): Overview;
  accessTo(room: string): RoomAccess | undefined;
};

/** Where the page of all rooms is served, its files, and who may see it. */
export type HomeOptions = AuthOptions & {
  readonly host: string;
  readonly port: number;
  /** the address under which people open the page, if it is another one */
  readonly pageUrl: string | undefined;
  /** the folder of the built page */
  readonly webDir: string;
};

/**
 * Serves the page of all rooms: the overview at `/`, and the page of each room at `/rooms/<room>/`, whose data comes from the
 * detector of that room. Throws an Error that says what to do if the address cannot be used.
 */
export async function openHomeServer(
  needs: HomeNeeds,
  options: HomeOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const pageUrl = URL.canParse(options.pageUrl ?? '') ? new URL(options.pageUrl ?? '') : undefined;
  const app = await createApp(needs.log, {
    https: pageUrl?.protocol === 'https:',
    hosts: [options.host, pageUrl?.hostname],
    isIngress: ingressFrom(options.ingressFrom),
  });
  const authenticator = await registerAuthentication(app, options);
  const files = await readPageFiles(options.webDir);

  registerAssets(app, files);
  registerSession(app, authenticator);
  registerDocument(app, authenticator, files, { url: '/', file: 'overview.html' });
  app.get('/healthz', async (_request, reply) => {
    const { ok } = needs.overview().broker;
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'failing' });
  });
  await app.register((inner) => {
    requireLogin(inner, authenticator);
    inner.get('/api/overview', () => needs.overview());
    return Promise.resolve();
  });

  app.get<{ Params: { room: string } }>('/rooms/:room', (request, reply) => reply.redirect(`${request.params.room}/`));
  await app.register(
    async (room) => {
      registerAssets(room, files);
      registerSession(room, authenticator);
      registerDocument(room, authenticator, files, { url: '/', file: 'index.html' });
      await room.register(async (inner) => {
        requireLogin(inner, authenticator);
        await registerRoomProxy(inner, needs.accessTo);
      });
    },
    { prefix: '/rooms/:room' },
  );
  return { port: await listen(app, options), close: () => app.close() };
}
