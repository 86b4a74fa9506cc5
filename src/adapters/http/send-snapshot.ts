import { open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A stored picture; its path comes from the store, never from a request. */
export type SnapshotFile = { readonly path: string; readonly bytes: number };

/** Answers with the picture of this id, with 404 if it is `unknown`, or with 410 if retention removed it. */
export async function sendSnapshot(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  found: SnapshotFile | 'gone' | 'unknown',
) {
  reply.header('cache-control', 'no-store');
  if (found === 'unknown') return reply.code(404).send({ error: 'unknown', message: 'There is no such snapshot.' });
  const gone = { error: 'gone', message: 'The snapshot has been removed to keep within the limits of retention.' };
  if (found === 'gone') return reply.code(410).send(gone);

  const etag = `"${id}"`;
  if (request.headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send();
  // Opened before the headers are sent: a file that was removed meanwhile is a 410, not a broken picture.
  const file = await open(found.path, 'r').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  });
  if (file === undefined) return reply.code(410).send(gone);
  reply.header('etag', etag).header('cache-control', 'private, max-age=86400, immutable');
  reply.type('image/jpeg').header('content-length', found.bytes);
  if (request.method === 'HEAD') {
    await file.close();
    return reply.send();
  }
  // Without `end`, each picture would take a second buffer of 64 kB, only to find the end of the file.
  return reply.send(file.createReadStream({ end: found.bytes - 1 }));
}
