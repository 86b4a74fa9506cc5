import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The address from which the stand-in for the Supervisor connects, and the path under which it shows the page. */
export const supervisorAddress = '127.0.0.2';
export const ingressPath = '/api/hassio_ingress/Jm5lRWW0-3_A';

const keptFromApp = /^(?:accept-encoding|content-length|transfer-encoding|connection)$/;
const keptFromBrowser = /^(?:transfer-encoding|content-length|content-encoding|connection|keep-alive)$/;

/**
 * Serves an app at `ingressPath` as Home Assistant and its Supervisor do (hassio/ingress.py, supervisor/api/ingress.py), and a
 * page that shows it in a frame: the headers they add, the parameters of the content type that they drop, and the methods that they know.
 */
export async function openIngress(appUrl: string): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '';
    if (!url.startsWith(`${ingressPath}/`)) {
      const frame = `<!doctype html><title>Home Assistant</title><iframe title="Roomwatch" src="${ingressPath}/"></iframe>`;
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end(frame);
      return;
    }
    if (incoming.method === 'HEAD') {
      outgoing.writeHead(405).end();
      return;
    }
    const app = new URL(appUrl);
    const forwarded = request({
      ...{ host: app.hostname, port: app.port, localAddress: supervisorAddress },
      ...{ method: incoming.method, path: url.slice(ingressPath.length), headers: headersFor(incoming) },
    });
    forwarded.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, headersOf(answer.headers));
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function headersFor({ headers, socket }: IncomingMessage): IncomingHttpHeaders {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !keptFromApp.test(name)));
  return {
    ...own,
    ...(headers['content-length'] === undefined ? {} : { 'content-length': headers['content-length'] }),
    'x-ingress-path': ingressPath,
    'x-hass-source': 'core.ingress',
    'x-remote-user-name': 'ada',
    'x-forwarded-for': socket.remoteAddress,
    'x-forwarded-host': headers.host,
    'x-forwarded-proto': 'http',
  };
}

function headersOf(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !keptFromBrowser.test(name)));
  return { ...kept, 'content-type': headers['content-type']?.replace(/;.*/, '') ?? 'application/octet-stream' };
}
