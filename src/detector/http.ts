import { fileURLToPath } from 'node:url';
import { openHttp, type HttpNeeds, type HttpServer } from '../adapters/http/server.js';
import type { DetectorPage } from './page.js';
import type { Config } from '../runtime/config/config.js';
import { signAnswer } from '../runtime/signed-answer.js';
import { verifySignedUrl } from '../runtime/signed-url.js';
import { version } from '../version.js';
import { wallSeconds } from '../async/clock.js';

/** Opens the HTTP server as configured, and shows the page on it. */
export async function openDetectorHttp(
  { room, http }: Pick<Config, 'room' | 'http'>,
  secret: string,
  needs: Omit<HttpNeeds, 'verifyUrl' | 'sign'> & { roomOf(id: string): Promise<string | undefined> },
  page: DetectorPage,
): Promise<HttpServer> {
  const server = await openHttp(
    {
      ...needs,
      verifyUrl: (pathAndQuery) => verifySignedUrl(pathAndQuery, secret, wallSeconds()),
      sign: async (status, id) => signAnswer({ status, room: (await needs.roomOf(id)) ?? room, id }, secret),
    },
    { host: http.host, port: http.port, publicUrl: http.public_url },
    {
      needs: page.needs,
      options: {
        room,
        version,
        secret,
        password: http.password,
        webDir: fileURLToPath(new URL('../web/', import.meta.url)),
      },
    },
  );
  page.showOn(server.page);
  return server;
}
