import { onTestFinished } from 'vitest';
import { type MqttClient, openMqtt } from '../../src/adapters/mqtt/client.js';
import type { MqttOptions } from '../../src/adapters/mqtt/options.js';
import type { Log } from '../../src/domain/log.js';

type Line = { readonly level: string; readonly words: string };

/** Connects as the detector of `kitchen`, below `base`; `lines` gets what is logged. */
export function openTestClient({ url, ...extra }: Pick<MqttOptions, 'url'> & Partial<MqttOptions>): {
  mqtt: MqttClient;
  lines: Line[];
} {
  const lines: Line[] = [];
  const say = (level: string) => (_: object, words: string) => void lines.push({ level, words });
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const credentials = { username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined };
  const names = {
    clientId: 'base/kitchen',
    availabilityTopic: 'base/kitchen/availability',
    processName: 'detector for kitchen',
  };
  const mqtt = openMqtt({ url, protocol: 5, ...credentials, ...names, ...extra }, log);
  mqtt.connect();
  onTestFinished(() => mqtt.close());
  return { mqtt, lines };
}
