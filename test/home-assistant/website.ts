import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Serves the files of one folder until the test ends; gives the address they are below. */
export async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, answer) => {
    readFile(join(folder, basename(request.url ?? ''))).then(
      (file) => answer.writeHead(200, { 'content-type': 'text/plain' }).end(file),
      () => answer.writeHead(404).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
