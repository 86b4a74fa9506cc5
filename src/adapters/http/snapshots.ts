import type { FastifyInstance } from 'fastify';
import { id as snapshotId } from '../../domain/contract/payloads.js';
import { admit } from './connections.js';
import { sendSnapshot, type SendOptions, type SnapshotFile } from './send-snapshot.js';

/** What the snapshot route needs from the detector. */
export type SnapshotNeeds = Required<SendOptions> & {
  /** Checks the signature and the time of a path with its query, as it stands in the URL of a receipt. */
  verifyUrl(pathAndQuery: string): 'ok' | 'expired' | 'forged';
  /** Finds a stored picture by its id; `gone` if retention removed it. */
  findSnapshot(id: string): Promise<SnapshotFile | 'gone' | 'unknown'>;
  /** Receives the id of a picture that is there, but was asked for with a URL that has expired. */
  urlExpired(id: string): void;
};

/**
 * Serves `GET /snapshots/<id>.jpg` (docs/contract.md §4). The signature is checked before anything else, so a client without it
 * cannot learn which ids exist. An expired URL does not get the picture, but it learns if the picture is gone.
 */
export function registerSnapshots(app: FastifyInstance, needs: SnapshotNeeds): void {
  app.route<{ Params: { file: string } }>({
    method: ['GET', 'HEAD'],
    url: '/snapshots/:file',
    exposeHeadRoute: false,
    // A picture's address may have any host: another one than the configured, or the name of a proxy.
    config: { anyHost: true },
    // A Node-RED or Home Assistant dashboard shows the picture from another origin; the signature is the permission.
    helmet: { crossOriginResourcePolicy: { policy: 'cross-origin' } },
    handler: async (request, reply) => {
      const verdict = needs.verifyUrl(request.url);
      const refuse = (message: string) =>
        reply.code(403).header('cache-control', 'no-store').send({ error: verdict, message });
      if (verdict === 'forged') return refuse('The signature of this URL is wrong.');
      admit(request.raw.socket, 'uploader');
      const id = snapshotIdOf(request.params.file);
      if (id === undefined) return sendSnapshot(request, reply, '', 'unknown');
      const found = await needs.findSnapshot(id);
      if (verdict === 'expired' && typeof found === 'object') {
        needs.urlExpired(id);
        return refuse('This URL is too old.');
      }
      return sendSnapshot(request, reply, id, found, needs);
    },
  });
}

/** The id in `<id>.jpg`; undefined if it is not an id. */
export function snapshotIdOf(file: string): string | undefined {
  return snapshotId.safeParse(/^(.+)\.jpg$/.exec(file)?.[1]).data;
}
