import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { IsIngress } from './ingress.js';

/**
 * Adds the security headers to every answer: the page loads nothing from other servers, runs nothing inline, and cannot be
 * framed, except by Home Assistant, whose requests `isIngress` recognises.
 * @param https the browser reaches the server through TLS, so the headers tell it to use only TLS from now on
 */
export async function registerSecurityHeaders(
  app: FastifyInstance,
  https: boolean,
  isIngress: IsIngress,
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: [(request) => (isIngress(request) ? "'self'" : "'none'")],
        baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    // The route of signed snapshot URLs relaxes this, because other pages may show those pictures.
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
