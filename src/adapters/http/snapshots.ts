import type { FastifyInstance } from 'fastify';
import { id as snapshotId } from '../../domain/contract/payloads.js';
import { sendSnapshot, type SnapshotFile } from './send-snapshot.js';

/** What the snapshot route needs from the detector. */
export type SnapshotNeeds = {
  /** Checks the signature and the time of a whole URL, as it stands in a receipt. */
  verifyUrl(url: string): 'ok' | 'expired' | 'forged';
  /** Finds a stored picture by its id; `gone` if retention removed it. */
  findSnapshot(id: string): Promise<SnapshotFile | 'gone' | 'unknown'>;
};

/**
 * Serves `GET /snapshots/<id>.jpg` (docs/contract.md §4). The signature is checked before anything else, so a client without it
 * cannot learn which ids exist. The URLs of receipts begin with `publicUrl`.
 */
export function registerSnapshots(app: FastifyInstance, needs: SnapshotNeeds, publicUrl: () => string): void {
  app.route<{ Params: { file: string } }>({
    method: ['GET', 'HEAD'],
    url: '/snapshots/:file',
    exposeHeadRoute: false,
    // A Node-RED or Home Assistant dashboard shows the picture from another origin; the signature is the permission.
    helmet: { crossOriginResourcePolicy: { policy: 'cross-origin' } },
    handler: async (request, reply) => {
      const verdict = needs.verifyUrl(publicUrl() + request.url);
      if (verdict !== 'ok') {
        const message = verdict === 'expired' ? 'This URL is too old.' : 'The signature of this URL is wrong.';
        return reply.code(403).header('cache-control', 'no-store').send({ error: verdict, message });
      }
      const id = snapshotIdOf(request.params.file);
      return sendSnapshot(request, reply, id ?? '', id === undefined ? 'unknown' : await needs.findSnapshot(id));
    },
  });
}

/** The id in `<id>.jpg`; undefined if it is not an id. */
export function snapshotIdOf(file: string): string | undefined {
  return snapshotId.safeParse(/^(.+)\.jpg$/.exec(file)?.[1]).data;
}
