import type { FastifyInstance } from 'fastify';

/** One part of the detector: fine, or why it is not and what to do about it. */
export type PartHealth = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** What must be fine for `/healthz` to say 200. */
export type HealthReport = { readonly camera: PartHealth; readonly broker: PartHealth; readonly disk: PartHealth };

/** Serves `/healthz` (CONTRACT.md §4), open to everybody who can reach the port: it tells no more than which part fails. */
export function registerHealth(app: FastifyInstance, health: () => HealthReport | Promise<HealthReport>): void {
  app.get('/healthz', async (_request, reply) => {
    const report = await health();
    const ok = report.camera.ok && report.broker.ok && report.disk.ok;
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ok ? 'ok' : 'failing', ...report });
  });
}
