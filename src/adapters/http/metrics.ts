import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuthResult } from './authentication.js';
import { denyAccess } from './session.js';

/**
 * Serves `/metrics` in the text format 0.0.4 of Prometheus.
 * @param identify decides who may read them
 */
export function registerMetrics(
  app: FastifyInstance,
  metrics: () => Promise<string>,
  identify: (request: FastifyRequest) => Promise<AuthResult>,
): void {
  app.get('/metrics', async (request, reply) => {
    const result = await identify(request);
    if (result.kind !== 'authenticated')
      return denyAccess(reply, result, 'From another machine, this needs the password: HTTP Basic, any user name.');
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await metrics());
  });
}
