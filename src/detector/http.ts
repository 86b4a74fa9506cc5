import { openHttp, type HttpNeeds, type HttpServer } from '../adapters/http/server.js';
import { type PageAddress, toInstant } from '../domain/contract/payloads.js';
import type { ArchiveKind } from '../domain/uploads/archive.js';
import type { DetectorPage } from './page.js';
import type { Config } from '../runtime/config/config.js';
import { isPageAccess } from '../runtime/page-access.js';
import { signAnswer } from '../runtime/signed-answer.js';
import { signDocument } from '../runtime/signed-receipt.js';
import { verifySignedUrl } from '../runtime/signed-url.js';
import { packageFile } from '../package-file.js';
import { version } from '../version.js';
import { wallSeconds } from '../async/clock.js';

/** Opens the HTTP server as configured, and shows the page on it. */
export async function openDetectorHttp(
  { room, http }: Pick<Config, 'room' | 'http'>,
  secret: string,
  needs: Omit<HttpNeeds, 'verifyUrl' | 'sign'> & {
    roomOf(id: string): Promise<string | undefined>;
    archivedIn(id: string): Promise<ArchiveKind | undefined>;
  },
  page: DetectorPage,
): Promise<HttpServer> {
  const server = await openHttp(
    {
      ...needs,
      verifyUrl: (pathAndQuery) => verifySignedUrl(pathAndQuery, secret, wallSeconds()),
      async sign(status, id) {
        const answer = { status, room: (await needs.roomOf(id)) ?? room, id };
        const archivedIn = await needs.archivedIn(id);
        const archived = archivedIn && signAnswer({ ...answer, archivedIn }, secret);
        return { signature: signAnswer(answer, secret), archived };
      },
    },
    { host: http.host, port: http.port, publicUrl: http.public_url, pageUrl: http.page_url },
    {
      needs: page.needs,
      options: {
        room,
        version,
        secret,
        isPageToken: (token) => isPageAccess(token, room, secret, wallSeconds()),
        password: http.password,
        ingressFrom: http.ingress_from,
        webDir: packageFile('dist/web'),
      },
    },
  );
  page.showOn(server.page);
  return server;
}

/** Tells the page of all rooms where this detector is. It is signed, so that nobody else can have the page ask somewhere else. */
export function signedPageAddress(room: string, publicUrl: string, secret: string): PageAddress {
  return signDocument({ room, url: publicUrl, at: toInstant(wallSeconds()) }, secret);
}
