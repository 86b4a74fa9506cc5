import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One received request. */
export type Received = { readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** An HTTP server that accepts every request and answers 200. */
export type HttpSink = { readonly url: string; readonly received: readonly Received[]; close(): Promise<void> };

/** Listens on a free port of 127.0.0.1. */
export async function openHttpSink(): Promise<HttpSink> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/kitchen`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
