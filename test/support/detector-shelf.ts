import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SnapshotReceipt } from '../../src/domain/contract/payloads.js';
import { signAnswer } from '../../src/runtime/signed-answer.js';
import { makeReceipt, testSecret } from './receipt.js';

/** What a detector offers to an uploader: pictures behind URLs, as a bare HTTP server. */
export async function openShelf() {
  const pictures = new Map<string, Buffer>();
  const asked: string[] = [];
  const archived = new Set<string>();
  let verify = (_path: string) => true;
  const spoilers = new Map<string, (response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (!verify(request.url ?? '')) return void response.writeHead(403).end();
    const id = /^\/snapshots\/(.+)\.jpg\?/.exec(request.url ?? '')?.[1] ?? '';
    const picture = pictures.get(id);
    const spoiled = spoilers.get(id);
    if (spoiled !== undefined) return spoiled(response);
    if (picture !== undefined) return void response.end(picture);
    const answer = { status: 410, room: 'kitchen', id };
    response.setHeader('roomwatch-signature', signAnswer(answer, testSecret));
    if (archived.has(id))
      response.setHeader('roomwatch-archived', signAnswer({ ...answer, archivedIn: 'folder' }, testSecret));
    response.writeHead(410).end();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    /** paths that were asked for, in order */
    asked,
    /** Puts a picture on the shelf; answers its receipt. */
    offer(picture: Buffer, options: Parameters<typeof makeReceipt>[2] = {}): SnapshotReceipt {
      const receipt = makeReceipt(picture, origin, options);
      pictures.set(receipt.id, picture);
      return receipt;
    },
    replace: (id: string, picture: Buffer) => void pictures.set(id, picture),
    /** From now on, paths that this does not accept get 403. */
    verify: (accepts: (path: string) => boolean) => void (verify = accepts),
    /** From now on, this answers for the picture; undefined ends that. */
    spoil(id: string, answer: ((response: ServerResponse) => void) | undefined) {
      if (answer === undefined) spoilers.delete(id);
      else spoilers.set(id, answer);
    },
    remove: (id: string) => void pictures.delete(id),
    /** Removes a picture that another uploader has archived in a folder. */
    archive(id: string): void {
      pictures.delete(id);
      archived.add(id);
    },
  };
}
