import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PartHealth } from '../../domain/page/part-health.js';

/** The parts that must be ok for `/healthz` to answer 200; not the snapshot source, without which pictures are only smaller. */
export type HealthReport = {
  readonly camera: PartHealth;
  readonly broker: PartHealth;
  readonly disk: PartHealth;
  readonly snapshot_source?: PartHealth;
};

/**
 * Serves `/healthz` (docs/contract.md §4).
 * @param maySeeParts whether the answer tells which part fails, and why; everybody learns whether all is well
 */
export function registerHealth(
  app: FastifyInstance,
  health: () => HealthReport | Promise<HealthReport>,
  maySeeParts: (request: FastifyRequest) => Promise<boolean>,
): void {
  app.get('/healthz', async (request, reply) => {
    const report = await health();
    const ok = report.camera.ok && report.broker.ok && report.disk.ok;
    const parts = (await maySeeParts(request)) ? report : {};
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ok ? 'ok' : 'failing', ...parts });
  });
}
