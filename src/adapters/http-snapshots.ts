import { open } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { id as snapshotId } from '../domain/payloads.js';

/** What the snapshot route asks of the detector. */
export type SnapshotNeeds = {
  /** Says whether the signature of a whole URL, as a receipt carries it, is ours and not yet too old. */
  verifyUrl(url: string): 'ok' | 'expired' | 'forged';
  /** Finds a kept picture by its id; `gone` where retention removed it. */
  findSnapshot(id: string): Promise<StoredSnapshot | 'gone' | 'unknown'>;
};

/** A picture on disk; the path comes from the store, never from a request. */
export type StoredSnapshot = { readonly path: string; readonly bytes: number };

/**
 * Serves `GET /snapshots/<id>.jpg` (CONTRACT.md §4). The signature is checked before anything else is looked at, so a
 * stranger cannot learn which ids exist. `publicUrl` is what the receipts' URLs begin with.
 */
export function registerSnapshots(app: FastifyInstance, needs: SnapshotNeeds, publicUrl: () => string): void {
  app.route<{ Params: { file: string } }>({
    method: ['GET', 'HEAD'],
    url: '/snapshots/:file',
    exposeHeadRoute: false,
    // A Node-RED or Home Assistant dashboard shows the picture from another origin; the signature is the permission.
    helmet: { crossOriginResourcePolicy: { policy: 'cross-origin' } },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const verdict = needs.verifyUrl(publicUrl() + request.url);
      if (verdict !== 'ok') {
        const message = verdict === 'expired' ? 'This URL is too old.' : 'The signature of this URL is wrong.';
        return reply.code(403).send({ error: verdict, message });
      }
      const id = snapshotId.safeParse(/^(.+)\.jpg$/.exec(request.params.file)?.[1]);
      const found = id.success ? await needs.findSnapshot(id.data) : 'unknown';
      if (found === 'unknown') return reply.code(404).send({ error: 'unknown', message: 'There is no such snapshot.' });
      const gone = { error: 'gone', message: 'The snapshot has been removed to keep within the limits of retention.' };
      if (found === 'gone') return reply.code(410).send(gone);

      const etag = `"${id.data}"`;
      if (request.headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send();
      // Opened before the headers are sent: a file that vanished meanwhile is a 410, not a broken picture.
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
      return reply.send(file.createReadStream());
    },
  });
}
