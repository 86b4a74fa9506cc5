import { connect, type IPublishPacket, type MqttClient as Client } from 'mqtt';
import { createAcknowledgements } from './acknowledgements.js';
import { clientOptions, maxUnacknowledged, splitLogin, type MqttOptions } from './options.js';
import { createSendQueue, type Outgoing } from './send-queue.js';

/** A message received from the broker. */
export type Incoming = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
  /** the process that published it, if the message names it (MQTT 5) */
  readonly instance?: string | undefined;
};

/** How a connection ended. */
export type ConnectionEnd = {
  /** the broker had accepted it */
  readonly opened: boolean;
  /** seconds from being accepted to the end */
  readonly openSeconds: number;
  readonly cause: unknown;
  /** MQTT 5: the broker says that another client connected with the same client id */
  readonly takenOver: boolean;
  /** size of the last `sendOnce`, if no later answer shows that the broker accepted it */
  readonly doubtfulBytes: number | undefined;
};

/** One connection to the broker, from its first byte to its last. The caller keeps what it has not answered at the end. */
export type Connection = {
  /** Queues a message with QoS 1; no more are sent at a time than the broker allows (MQTT 5 §4.9). */
  send(message: Outgoing): void;
  /** Sends a message with QoS 0 now or never; false if it is larger than the broker accepts. */
  sendOnce(topic: string, payload: string | Buffer, retain: boolean): boolean;
  subscribe(filter: string): Promise<void>;
  readonly ended: Promise<ConnectionEnd>;
  /** Disconnects cleanly, so that the broker does not publish the last will. */
  readonly end: () => void;
};

type Events = {
  readonly opened: (connection: Connection) => void;
  /** Handles a message, which is acknowledged when this resolves. Must not reject. */
  readonly received: (message: Incoming) => Promise<void>;
};

/** MQTT 5 §3.14.2.1 */
const sessionTakenOver = 0x8e;

/**
 * Opens one connection. mqtt.js never reconnects a client here: its store would send old retained states after newer
 * ones, and it does not limit the messages in flight. A new connection begins with the current states.
 */
export function openConnection(options: MqttOptions, instance: string, events: Events): Connection {
  const client = connect(splitLogin(options.url).url, clientOptions(options, instance));
  const queue = createSendQueue(client);
  let openedAt: number | undefined;
  let cause: unknown;
  let takenOver = false;

  const ended = new Promise<ConnectionEnd>((resolve) => {
    client.once('close', () => {
      const openSeconds = openedAt === undefined ? 0 : (performance.now() - openedAt) / 1000;
      const { doubtfulBytes } = queue;
      resolve({ opened: openedAt !== undefined, openSeconds, cause, takenOver, doubtfulBytes });
    });
  });
  const connection: Connection = {
    send: queue.send,
    sendOnce: queue.sendOnce,
    subscribe: async (filter) => void (await client.subscribeAsync(filter, { qos: 1 })),
    ended,
    // A clean end waits for messages in flight, perhaps for ever.
    end: () => void client.end(!client.connected || queue.inFlight > 0),
  };

  client.on('error', (error) => {
    cause ??= error;
    // After some errors (TLS, a malformed packet) mqtt.js does not close the connection itself.
    client.stream.destroy();
  });
  client.on('disconnect', (packet) => {
    takenOver ||= packet.reasonCode === sessionTakenOver;
    cause ??= Object.assign(new Error(`the broker ended the connection (${packet.reasonCode ?? 0})`), packet);
  });
  client.on('connect', ({ properties }) => {
    openedAt = performance.now();
    queue.setLimits(properties);
    events.opened(connection);
  });
  client.handleMessage = receiver(client, events.received);
  return connection;
}

/**
 * mqtt.js handles one packet at a time, acknowledgements of our own messages included, and acknowledges a message when
 * its handler is done: a handler that waits for the disk would delay everything. Given an error, it goes on to the next
 * packet and leaves the PUBACK to us.
 */
function receiver(client: Client, receive: Events['received']): Client['handleMessage'] {
  const acknowledgements = createAcknowledgements((puback) => {
    if (client.connected) client.stream.write(puback);
  }, maxUnacknowledged);
  const acknowledgedLater = new Error('acknowledged later');
  return (packet: IPublishPacket, next) => {
    const { topic, retain, qos, messageId } = packet;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const named = packet.properties?.userProperties?.['instance'];
    const instance = typeof named === 'string' ? named : undefined;
    const handled = qos > 0 && messageId !== undefined ? acknowledgements.received(messageId) : () => undefined;
    void receive({ topic, payload, retain, instance }).then(handled);
    void acknowledgements.belowLimit().then(() => next(acknowledgedLater));
  };
}
