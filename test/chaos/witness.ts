import mqtt from 'mqtt';
import {
  type SnapshotReceipt,
  snapshotReceipt,
  type UploadResult,
  uploadResult,
} from '../../src/domain/contract/payloads.js';

/** Hears everything at the broker, past the wires that are cut. */
export type Witness = {
  readonly heard: ReadonlyMap<string, SnapshotReceipt>;
  readonly results: readonly UploadResult[];
  /** messages that do not fit their schema */
  readonly malformed: readonly string[];
  /** retained messages as a newcomer gets them */
  retained(): Promise<ReadonlyMap<string, string>>;
  say(topic: string, payload: string): void;
  close(): void;
};

/** Opens a witness that comes back whenever the broker does. */
export function openWitness(port: number): Witness {
  const url = `mqtt://127.0.0.1:${port}`;
  const heard = new Map<string, SnapshotReceipt>();
  const results: UploadResult[] = [];
  const malformed: string[] = [];
  const client = mqtt.connect(url, { protocolVersion: 5, clientId: 'witness', reconnectPeriod: 100, clean: false });
  client.on('error', () => undefined);
  client.on('connect', () => client.subscribe('roomwatch/#', { qos: 1 }));
  client.on('message', (topic, payload) => {
    const schema = topic.endsWith('/snapshot') ? snapshotReceipt : topic.endsWith('/upload') ? uploadResult : undefined;
    const message = schema?.safeParse(JSON.parse(payload.toString()));
    if (message === undefined) return;
    if (!message.success) malformed.push(`${topic} ${payload.toString()}`);
    else if ('snapshot' in message.data) results.push(message.data);
    else heard.set(message.data.id, message.data);
  });
  return {
    heard,
    results,
    malformed,
    async retained() {
      const newcomer = await mqtt.connectAsync(url, { protocolVersion: 5 });
      const states = new Map<string, string>();
      newcomer.on('message', (topic, payload, { retain }) => retain && states.set(topic, payload.toString()));
      await newcomer.subscribeAsync('roomwatch/#', { qos: 1 });
      // What is retained comes before the answer to anything asked for later.
      await newcomer.subscribeAsync('nothing', { qos: 1 });
      await newcomer.endAsync();
      return states;
    },
    say: (topic, payload) => void (client.connected && client.publish(topic, payload, { qos: 1 })),
    close: () => void client.end(true),
  };
}
