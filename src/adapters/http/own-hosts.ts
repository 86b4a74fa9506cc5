import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { IsIngress } from './ingress.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers under every host name. */
    readonly anyHost?: boolean;
  }
}

/** Names that no public DNS server answers for, apart from `localhost`: a page elsewhere cannot give them our address. */
const localName = /^[^.]+$|\.(local|lan|home|internal|localdomain|home\.arpa)$/;

/**
 * Refuses requests for a host that is not ours, so that no other site can make its own name lead here and let a browser read
 * our answers (DNS rebinding). A route whose `config.anyHost` is true answers under every name, and so does everything
 * through Home Assistant, which has a name of its own.
 * @param names the host names of the configured addresses
 */
export function refuseForeignHosts(
  app: FastifyInstance,
  names: readonly (string | undefined)[],
  isIngress: IsIngress,
): void {
  const isOwn = ownHosts(names);
  app.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers;
    // Browsers always send it.
    if (host === undefined || isOwn(host) || request.routeOptions.config.anyHost === true) return undefined;
    if (isIngress(request.raw)) return undefined;
    return reply.code(421).header('cache-control', 'no-store').send({
      error: 'wrong_host',
      message: 'This server has another name. Set http.public_url to the address in use.',
    });
  });
}

/**
 * Recognises the `Host` headers of this machine, of the configured names, and of addresses, which are no names. If one of the
 * names is not of this machine alone, also those of the local network.
 */
export function ownHosts(names: readonly (string | undefined)[]): (header: string) => boolean {
  const own = new Set(names.flatMap((name) => name?.toLowerCase().replace(/^\[|\]$/g, '') ?? []));
  const isReachable = [...own].some((name) => !isLocal(name));
  return (header) => {
    const name = nameIn(header);
    if (name === undefined) return false;
    return isLocal(name) || isIP(name) > 0 || own.has(name) || (isReachable && localName.test(name));
  };
}

function isLocal(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  );
}

/** The lower-case name or address in a `Host` header, without its port, the brackets of IPv6 and the dot at the end. */
function nameIn(header: string): string | undefined {
  const [, ipv6, name] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/\\@[\]]+?)\.?)(?::\d{1,5})?$/i.exec(header) ?? [];
  return (ipv6 ?? name)?.toLowerCase();
}
