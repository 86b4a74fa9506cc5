// A container's health check: `healthy.mjs detector` asks /healthz of every room, `healthy.mjs page` that of the page, and
// `healthy.mjs uploader` reads what the uploader keeps writing about itself. Prints what is wrong.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const oldAfterMs = 60_000;
const checks = { detector: askDetectors, page: () => ask(configured()), uploader: askUploader };
const asked = await checks[process.argv[2] ?? 'detector']();
process.stdout.write(`${asked.said}\n`);
process.exit(asked.ok ? 0 : 1);

function configured() {
  return process.env.ROOMWATCH_HTTP_PORT || '8080';
}

async function askDetectors() {
  const rooms = await readRooms();
  const answers = await Promise.all(rooms.map(async ({ room, port }) => ({ room, ...(await ask(port)) })));
  const failing = answers.filter(({ ok }) => !ok);
  const shown = failing.length > 0 ? failing : answers.slice(0, 1);
  return { ok: failing.length === 0, said: shown.map(({ room, said }) => `${room}: ${said}`).join('\n') };
}

/** The rooms and their ports: of a file, the program itself knows them. */
async function readRooms() {
  const { env } = process;
  if (!env.ROOMWATCH_CONF) return [{ room: env.ROOMWATCH_ROOM || 'room', port: configured() }];
  const { loadConfig } = await import('../dist/runtime/config/config.js');
  const loaded = loadConfig({ file: env.ROOMWATCH_CONF, env, secrets: 'later' });
  return (loaded.rooms ?? []).map(({ room, http }) => ({ room, port: http.port }));
}

async function ask(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4000) });
    return { ok: answer.ok, said: await answer.text() };
  } catch (error) {
    return { ok: false, said: `no answer from /healthz: ${error.cause?.message ?? error.message}` };
  }
}

function askUploader() {
  const uploaders = join(process.env.ROOMWATCH_DATA_DIR || 'data', 'uploaders');
  try {
    const name = process.env.ROOMWATCH_UPLOADER_NAME || readdirSync(uploaders)[0];
    const { ok, at, why } = JSON.parse(readFileSync(join(uploaders, name, 'health.json'), 'utf8'));
    if (Date.now() - Date.parse(at) > oldAfterMs) return { ok: false, said: `has said nothing since ${at}` };
    return { ok, said: ok ? 'ok' : why };
  } catch (error) {
    return { ok: false, said: `has not said anything yet: ${error.message}` };
  }
}
