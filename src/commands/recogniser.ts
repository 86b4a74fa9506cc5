import { once } from 'node:events';
import { openNetwork } from '../adapters/opencv/network.js';
import { serveNetwork } from '../adapters/opencv/shared-network.js';
import type { Log } from '../runtime/log.js';

/**
 * `roomwatch recogniser`: looks at pictures for the detectors of one `roomwatch start`, until the signal is aborted. Sends
 * `{ listening: path }` to the process that started it.
 */
export async function runRecogniser(path: string, log: Log, signal: AbortSignal): Promise<void> {
  const server = await serveNetwork(openNetwork(), path);
  log.info('the model is loaded, once for all rooms');
  process.send?.({ listening: path });
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
}
