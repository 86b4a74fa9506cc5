import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

/** The files of the built page in memory, by name; `brotli` is undefined if the build made no compressed file. */
export type PageFiles = ReadonlyMap<
  string,
  { readonly type: string; readonly plain: Buffer; readonly brotli: Buffer | undefined }
>;

/** Reads the built page once, so that no request is ever used as a path; empty if the page has not been built. */
export async function readPageFiles(dir: string): Promise<PageFiles> {
  const names: string[] = await readdir(dir).catch(() => []);
  const files = names.flatMap((name) => {
    const type = types[name.split('.').at(-1) ?? ''];
    return type === undefined ? [] : [{ name, type }];
  });
  const read = files.map(async ({ name, type }) => {
    const brotli = names.includes(`${name}.br`) ? await readFile(join(dir, `${name}.br`)) : undefined;
    return [name, { type, plain: await readFile(join(dir, name)), brotli }] as const;
  });
  return new Map(await Promise.all(read));
}

/** Serves `/assets/<name>`: scripts and styles, without a password; their names change with their content. */
export function registerAssets(app: FastifyInstance, files: PageFiles): void {
  app.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return sendPageFile(request, reply, files, request.params.name);
  });
}

/** Answers with one file of the page, compressed if the browser accepts that. */
export function sendPageFile(request: FastifyRequest, reply: FastifyReply, files: PageFiles, name: string) {
  const file = files.get(name);
  if (file === undefined) {
    const message = files.size > 0 ? 'There is nothing here.' : 'The page has not been built: run "npm run build".';
    return reply.code(404).header('cache-control', 'no-store').send({ error: 'not_found', message });
  }
  reply.type(file.type).header('vary', 'accept-encoding');
  if (file.brotli === undefined || !/\bbr\b/.test(request.headers['accept-encoding'] ?? ''))
    return reply.send(file.plain);
  return reply.header('content-encoding', 'br').send(file.brotli);
}
