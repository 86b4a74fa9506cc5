import { once } from 'node:events';
import { openEmbeddedBroker } from '../adapters/broker/embedded-broker.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';

/**
 * `roomwatch broker`: runs the embedded broker until the signal is aborted. Sends `{ listening: port }` to the process
 * that started it.
 */
export async function runBroker(
  { broker: { port }, mqtt }: Pick<Config, 'broker' | 'mqtt'>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const broker = await openEmbeddedBroker(port, log, mqtt);
  log.info({ port: broker.port }, 'broker listens on 127.0.0.1');
  process.send?.({ listening: broker.port });
  if (!signal.aborted) await once(signal, 'abort');
  await broker.close();
}
