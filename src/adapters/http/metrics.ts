import type { FastifyInstance } from 'fastify';

/** Serves `/metrics` in the text format 0.0.4 of Prometheus. */
export function registerMetrics(app: FastifyInstance, metrics: () => Promise<string>): void {
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await metrics()),
  );
}
