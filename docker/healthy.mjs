// A container's health check: `healthy.mjs detector` asks /healthz, `healthy.mjs uploader` reads what the uploader keeps
// writing about itself. Prints what is wrong.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const oldAfterMs = 60_000;
const asked = process.argv[2] === 'uploader' ? askUploader() : await askDetector();
process.stdout.write(`${asked.said}\n`);
process.exit(asked.ok ? 0 : 1);

async function askDetector() {
  const port = process.env.ROOMWATCH_HTTP_PORT || '8080';
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
