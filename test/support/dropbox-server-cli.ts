import { parseArgs } from 'node:util';
import { openDropboxServer } from './dropbox-server.js';

// The server as a separate process, for tests that kill and restart things: prints {"url": …} when it listens. With `--dir`
// it keeps its files over a restart. It forgets its access tokens, but not app-key and refresh-token.
// esbuild test/support/dropbox-server-cli.ts --bundle --platform=node --format=esm --packages=external --outfile=…
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string' },
    dir: { type: 'string' },
    'quota-bytes': { type: 'string' },
    'lock-ms': { type: 'string', default: '0' },
    'expires-seconds': { type: 'string', default: '14400' },
  },
});
const server = await openDropboxServer({
  port: Number(values.port),
  host: values.host,
  dir: values.dir,
  quotaBytes: values['quota-bytes'] === undefined ? Infinity : Number(values['quota-bytes']),
  lockMilliseconds: Number(values['lock-ms']),
  oauth: { expiresInSeconds: Number(values['expires-seconds']) },
});
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => void server.close());
