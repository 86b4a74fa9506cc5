import mqtt from 'mqtt';
import {
  type SnapshotReceipt,
  snapshotReceipt,
  type UploadResult,
  uploadResult,
} from '../../src/domain/contract/payloads.js';

/** Receives everything at the broker, without a proxy in between. */
export type Observer = {
  readonly receipts: ReadonlyMap<string, SnapshotReceipt>;
  readonly results: readonly UploadResult[];
  /** messages that do not fit their schema */
  readonly malformed: readonly string[];
  /** `listener` receives each receipt; there is one listener at a time. */
  onReceipt(listener: (receipt: SnapshotReceipt) => void): void;
  /** the retained messages, as a new client receives them */
  retained(): Promise<ReadonlyMap<string, string>>;
  publish(topic: string, payload: string): void;
  /** Publishes a document that no detector made; `receipts` does not get it. */
  forge(topic: string, document: object): void;
  close(): void;
};

/** The broker refuses this user nothing. */
const observer = { protocolVersion: 5, username: 'observer' } as const;

/** Opens an observer that reconnects whenever the broker is back. */
export function openObserver(port: number): Observer {
  const url = `mqtt://127.0.0.1:${port}`;
  const receipts = new Map<string, SnapshotReceipt>();
  const results: UploadResult[] = [];
  const malformed: string[] = [];
  const forged = new Set<string>();
  let heard: (receipt: SnapshotReceipt) => void = () => undefined;
  const client = mqtt.connect(url, { ...observer, clientId: 'observer', reconnectPeriod: 100, clean: false });
  client.on('error', () => undefined);
  client.on('connect', () => client.subscribe('roomwatch/#', { qos: 1 }));
  const publish = (topic: string, payload: string) =>
    void (client.connected && client.publish(topic, payload, { qos: 1 }));
  client.on('message', (topic, payload) => {
    if (forged.has(payload.toString())) return;
    const schema = topic.endsWith('/snapshot') ? snapshotReceipt : topic.endsWith('/upload') ? uploadResult : undefined;
    const message = schema?.safeParse(JSON.parse(payload.toString()));
    if (message === undefined) return;
    if (!message.success) malformed.push(`${topic} ${payload.toString()}`);
    else if ('snapshot' in message.data) results.push(message.data);
    else {
      receipts.set(message.data.id, message.data);
      heard(message.data);
    }
  });
  return {
    receipts,
    results,
    malformed,
    onReceipt: (listener) => void (heard = listener),
    async retained() {
      const newClient = await mqtt.connectAsync(url, observer);
      const states = new Map<string, string>();
      newClient.on('message', (topic, payload, { retain }) => retain && states.set(topic, payload.toString()));
      await newClient.subscribeAsync('roomwatch/#', { qos: 1 });
      // Retained messages come before the answer to a later request.
      await newClient.subscribeAsync('nothing', { qos: 1 });
      await newClient.endAsync();
      return states;
    },
    publish,
    forge(topic, document) {
      const payload = JSON.stringify(document);
      forged.add(payload);
      publish(topic, payload);
    },
    close: () => void client.end(true),
  };
}
