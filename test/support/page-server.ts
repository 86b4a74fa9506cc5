import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ApiNeeds } from '../../src/adapters/http/api.js';
import { openHttp } from '../../src/adapters/http/server.js';
import { plainHttpNeeds } from './http-needs.js';
import { plainPageNeeds } from './page-needs.js';

export const password = 'correct horse';
export const basic = { authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}` };

/** Opens a server for one test, with a page of three one-word files; `logged` is its error log. */
export async function servePage(
  changed: Partial<ApiNeeds> = {},
  options: { password?: string | undefined; isPageToken?: (token: string) => boolean } = { password },
) {
  const webDir = await mkdtemp(join(tmpdir(), 'page-'));
  for (const name of ['index', 'login', 'no-password']) await writeFile(join(webDir, `${name}.html`), `<p>${name}</p>`);
  const needs = plainHttpNeeds();
  const server = await openHttp(
    needs,
    { host: '127.0.0.1', port: 0 },
    {
      needs: plainPageNeeds(changed),
      options: { password: undefined, ...options, secret: 'a secret', room: 'kitchen', webDir, version: '1.2.3' },
    },
  );
  onTestFinished(async () => {
    await server.close();
    await rm(webDir, { recursive: true });
  });
  if (server.page === undefined) throw new Error('no page');
  return { url: `http://127.0.0.1:${server.port}`, port: server.port, page: server.page, logged: needs.logged };
}
