import { connect, type IClientOptions } from 'mqtt';
import { clientOptions, splitLogin, type MqttOptions } from './options.js';
import { explain } from './errors.js';

/**
 * Connects to a broker once, without a session or a last will, so that nothing changes there. Throws why the broker
 * cannot be used, and what to do.
 */
export async function tryBroker(
  options: Omit<MqttOptions, 'availabilityTopic' | 'processName'>,
  signal: AbortSignal,
): Promise<void> {
  const all = clientOptions({ ...options, availabilityTopic: 'unused', processName: 'check' }, '');
  const { will: _will, properties: _properties, ...usual } = all;
  const withoutSession: IClientOptions = { ...usual, clientId: `${options.clientId}-${process.pid}`, clean: true };
  const client = connect(splitLogin(options.url).url, withoutSession);
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () =>
        reject(new Error('the broker closes the connection at once: does it expect TLS (mqtts://)?')),
      );
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(explain(error, new URL(options.url).hostname), { cause: error });
  } finally {
    client.on('error', () => {});
    client.end(true);
  }
}
