import type { FastifyRequest } from 'fastify';

const forwarded = /^(forwarded|via|x-real-ip|x-forwarded-.*|x-original-.*|cf-connecting-ip|true-client-ip)$/;

/**
 * Whether a request comes from a program on this machine. A proxy on this machine passes on requests of others; it is
 * recognised by the headers that proxies add, which thus can only take rights away.
 */
export function isLocalRequest(request: FastifyRequest): boolean {
  const address = request.raw.socket.remoteAddress ?? '';
  const isLoopback = address === '::1' || /^(::ffff:)?127\./.test(address);
  return isLoopback && !Object.keys(request.headers).some((name) => forwarded.test(name));
}
