import { connect, type IClientOptions } from 'mqtt';
import { clientOptions, type MqttOptions } from './options.js';
import { explain } from './errors.js';

/**
 * Connects to a broker once, as a stranger without a session or a last will, so that nobody notices. Throws why we are
 * not let in, and what to do.
 */
export async function tryBroker(
  options: Omit<MqttOptions, 'availabilityTopic' | 'who'>,
  signal: AbortSignal,
): Promise<void> {
  const known = clientOptions({ ...options, availabilityTopic: 'unsaid', who: 'check' }, '');
  const { will: _will, properties: _properties, ...usual } = known;
  const asStranger: IClientOptions = { ...usual, clientId: `${options.clientId}-${process.pid}`, clean: true };
  const client = connect(options.url, asStranger);
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('the broker hangs up at once: does it want TLS (mqtts://)?')));
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(explain(error), { cause: error });
  } finally {
    client.on('error', () => {});
    client.end(true);
  }
}
