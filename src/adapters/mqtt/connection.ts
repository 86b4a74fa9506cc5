import { connect, type IPublishPacket, type MqttClient as Client, type StreamBuilder } from 'mqtt';
import { createAcknowledgements } from './acknowledgements.js';
import { limitPackets } from './limit-packets.js';
import { clientOptions, maxIncomingBytes, maxUnacknowledged, splitLogin, type MqttOptions } from './options.js';
import { createSendQueue, type Outgoing } from './send-queue.js';
import type { Unanswered } from './unanswered.js';

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
  /** MQTT 5: the broker says that a packet was too large */
  readonly tooLarge: boolean;
  /** we ended it, because the broker left something unanswered for too long */
  readonly silent: boolean;
  /** what the broker had not answered, oldest first; messages with QoS 0, too, unless a later answer shows that it has them */
  readonly unanswered: readonly Unanswered[];
  /** it had sent one message at a time, so that the oldest one without an answer is the one at which it ended */
  readonly oneByOne: boolean;
};

/** The end of a connection that was not even opened. */
export function neverOpened(cause: unknown): ConnectionEnd {
  const reasons = { takenOver: false, tooLarge: false, silent: false, oneByOne: false };
  return { opened: false, openSeconds: 0, cause, ...reasons, unanswered: [] };
}

/** One connection to the broker, from its first byte to its last. The caller keeps what it has not answered at the end. */
export type Connection = {
  /** Queues a message with QoS 1; no more are sent at a time than the broker allows (MQTT 5 §4.9). */
  send(message: Outgoing): void;
  /** Sends a message with QoS 0 now or never; calls the listener when the broker has it. */
  sendOnce(topic: string, payload: string | Buffer, retain: boolean, accepted?: () => void): void;
  /** largest payload of this topic that the broker accepts */
  maxPayload(topic: string): number;
  /** Subscribes like `send`. */
  subscribe(filter: string, answered: Outgoing['answered']): void;
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
const packetTooLarge = 0x95;

/**
 * Opens one connection. mqtt.js never reconnects a client here: its store would send old retained states after newer
 * ones, and it does not limit the messages in flight. A new connection begins with the current states.
 */
export function openConnection(
  options: MqttOptions,
  instance: string,
  held: { readonly searching: boolean; refuse(topic: string): string | undefined },
  events: Events,
): Connection {
  const client = openClient(options, instance);
  let openedAt: number | undefined;
  let cause: unknown;
  let silent = false;
  const oneByOne = held.searching;
  const reasons = new Set<number | undefined>();
  const queue = createSendQueue(client, {
    maxInFlight: oneByOne ? 1 : maxUnacknowledged,
    refuse: held.refuse,
    silent(what) {
      silent = true;
      cause ??= new Error(what);
      client.stream.destroy();
    },
  });

  const ended = new Promise<ConnectionEnd>((resolve) => {
    client.once('close', () => {
      queue.close();
      const openSeconds = openedAt === undefined ? 0 : (performance.now() - openedAt) / 1000;
      const said = { takenOver: reasons.has(sessionTakenOver), tooLarge: reasons.has(packetTooLarge) };
      const unanswered = queue.unanswered();
      resolve({ opened: openedAt !== undefined, openSeconds, cause, ...said, silent, unanswered, oneByOne });
    });
  });
  const { send, sendOnce, maxPayload, subscribe } = queue;
  // A clean end waits for messages in flight, perhaps for ever.
  const end = () => void client.end(!client.connected || queue.inFlight > 0);
  const connection: Connection = { send, sendOnce, maxPayload, subscribe, ended, end };

  client.on('error', (error) => {
    cause ??= error;
    // After some errors (TLS, a malformed packet) mqtt.js does not close the connection itself.
    client.stream.destroy();
  });
  client.on('disconnect', (packet) => {
    reasons.add(packet.reasonCode);
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

/** Opens a client whose incoming packets are limited in size, whatever the broker sends. */
function openClient(options: MqttOptions, instance: string): Client {
  const usual = clientOptions(options, instance);
  const client = connect(splitLogin(options.url).url, { ...usual, manualConnect: true });
  // There is no option for it, and once a client has a stream, its parser is bound to that.
  const builder = client as unknown as { streamBuilder: StreamBuilder };
  const open = builder.streamBuilder;
  builder.streamBuilder = (self) => {
    const stream = open(self);
    const pipe = stream.pipe.bind(stream);
    const limit = limitPackets(maxIncomingBytes, options.protocol, (error) => stream.destroy(error));
    stream.pipe = <Parser extends NodeJS.WritableStream>(parser: Parser) => pipe(limit).pipe(parser);
    return stream;
  };
  return client.connect();
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
