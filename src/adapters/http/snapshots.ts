import type { FastifyInstance } from 'fastify';
import { id as snapshotId } from '../../domain/contract/payloads.js';
import { sendSnapshot, type SnapshotFile } from './send-snapshot.js';

/** What the snapshot route asks of the detector. */
export type SnapshotNeeds = {
  /** Says whether the signature of a whole URL, as a receipt carries it, is ours and not yet too old. */
  verifyUrl(url: string): 'ok' | 'expired' | 'forged';
  /** Finds a kept picture by its id; `gone` where retention removed it. */
  findSnapshot(id: string): Promise<SnapshotFile | 'gone' | 'unknown'>;
};

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

/** The id in `<id>.jpg`, undefined where it is none. */
export function snapshotIdOf(file: string): string | undefined {
  return snapshotId.safeParse(/^(.+)\.jpg$/.exec(file)?.[1]).data;
}
