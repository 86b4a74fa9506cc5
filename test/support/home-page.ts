import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { openHomeServer, type HomeOptions } from '../../src/adapters/http/home-server.js';
import type { RoomAccess } from '../../src/adapters/http/room-proxy.js';
import { password } from './page-server.js';

/** Opens the page of all rooms for one test, with one-word files; gives its address. */
export async function serveHome(
  rooms: Readonly<Record<string, RoomAccess>>,
  options: Partial<HomeOptions> = {},
): Promise<string> {
  const webDir = await mkdtemp(join(tmpdir(), 'home-'));
  for (const name of ['index', 'login', 'overview', 'no-password'])
    await writeFile(join(webDir, `${name}.html`), `<p>${name}</p>`);
  const server = await openHomeServer(
    {
      log: { error: (fields: unknown) => expect(fields).toBeUndefined() },
      overview: () => ({ at: '2026-11-26T10:00:00.000Z', broker: { ok: true }, rooms: [], uploaders: [] }),
      accessTo: (room) => rooms[room],
    },
    { host: '127.0.0.1', port: 0, pageUrl: undefined, room: '', secret: 'a secret', password, webDir, ...options },
  );
  onTestFinished(async () => {
    await server.close();
    await rm(webDir, { recursive: true });
  });
  return `http://127.0.0.1:${server.port}`;
}
