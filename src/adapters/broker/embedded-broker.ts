import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes, type Client } from 'aedes';
import type { Config } from '../../runtime/config/config.js';
import type { Log } from '../../runtime/log.js';
import { pause } from '../../async/pause.js';

/** How long a broker that stops waits for those who still have to say `offline`. */
const farewellSeconds = 3;

/**
 * The broker of `roomwatch start`: MQTT 3.1.1 on 127.0.0.1, everything in memory. Tells the process that started it
 * `{ listening: port }`. When stopped it lets the clients that left a last will go first, so that what they say last is heard.
 */
export async function runBroker(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  const clients = new Set<Client>();
  broker.on('clientReady', (client) => clients.add(client));
  broker.on('clientDisconnect', (client) => clients.delete(client));
  broker.on('clientError', (client, err) => log.warn({ client: client.id, err: err.message }, 'client dropped'));
  broker.on('connectionError', (_, err) => log.warn({ err: err.message }, 'connection refused'));
  server.listen({ host: '127.0.0.1', port: config.broker.port });
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(whyNot(error as NodeJS.ErrnoException, config.broker.port), { cause: error });
  });
  const { port } = server.address() as AddressInfo;
  log.info({ port }, 'broker listens on 127.0.0.1');
  process.send?.({ listening: port });

  if (!signal.aborted) await once(signal, 'abort');
  server.close();
  const leaving = new AbortController();
  const whenGone = () => [...clients].some((client) => hasWill(client)) || leaving.abort();
  broker.on('clientDisconnect', whenGone);
  whenGone();
  await pause(farewellSeconds, leaving.signal);
  await new Promise<void>((resolve) => broker.close(resolve));
}

function hasWill(client: Client): boolean {
  return 'will' in client && client.will !== undefined && client.will !== null;
}

function whyNot(error: NodeJS.ErrnoException, port: number): string {
  if (error.code === 'EADDRINUSE') {
    return `port ${port} is in use, perhaps by another broker: stop that one, or set broker.port (or broker.embedded: false)`;
  }
  if (error.code === 'EACCES') return `port ${port} is not allowed: set broker.port to 1024 or more`;
  return `the broker cannot listen on 127.0.0.1:${port}`;
}
