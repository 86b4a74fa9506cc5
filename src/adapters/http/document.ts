import type { FastifyInstance } from 'fastify';
import type { Authenticator } from './authentication.js';
import { type PageFiles, sendPageFile } from './page-files.js';
import { denyAccess } from './session.js';

/** Serves one HTML file of the page to those who are logged in; to others, the login at the same address. */
export function registerDocument(
  app: FastifyInstance,
  authenticator: Authenticator,
  files: PageFiles,
  { url, file }: { readonly url: string; readonly file: string },
): void {
  app.get(url, { prefixTrailingSlash: 'slash' }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const result = await authenticator.authenticate(request);
    switch (result.kind) {
      case 'authenticated':
        return sendPageFile(request, reply, files, file);
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
}
