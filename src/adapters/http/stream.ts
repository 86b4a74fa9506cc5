import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * Begins an answer that lasts until the client leaves, and returns what to write to; undefined for a `HEAD` request, which has
 * its whole answer now.
 */
export function beginStream(
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): ServerResponse | undefined {
  reply.hijack();
  const out = reply.raw;
  // Not chunked: the answer ends with the connection, so a picture is one write instead of the three of a chunk.
  out.useChunkedEncodingByDefault = false;
  out.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
  if (reply.request.method !== 'HEAD') return out;
  out.end();
  return undefined;
}
