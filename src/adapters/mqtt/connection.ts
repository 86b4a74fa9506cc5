import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { createAcks } from './acknowledgements.js';
import { clientOptions, maxIncoming, type MqttOptions } from './options.js';
import { monotonicSeconds } from '../../async/clock.js';

/** A message that came. */
export type Incoming = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
  /** the process that said it, where it says so (MQTT 5) */
  readonly instance?: string | undefined;
};

/** A message with QoS 1, until the broker has answered for it. */
export type Outgoing = {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly retain: boolean;
  /** seconds the broker may hold it (MQTT 5 only) */
  readonly expirySeconds?: number | undefined;
  /** marks it as said by this process (MQTT 5 only) */
  readonly instance?: string | undefined;
  /** @param refused why the broker does not take it; undefined where it did */
  readonly answered: (refused: string | undefined) => void;
};

/** How a connection ended. */
export type LinkEnd = {
  /** it had been accepted */
  readonly opened: boolean;
  /** seconds from being accepted to the end */
  readonly lasted: number;
  readonly cause: unknown;
  /** MQTT 5: the broker says that another client has our id */
  readonly takenOver: boolean;
  /** something was found at its beginning that another process with our id has said since our last connection */
  readonly foreign: boolean;
  /** size of the last `sendOnce`, where no answer to anything later shows that the broker lived through it */
  readonly doubtfulBytes: number | undefined;
};

/** One connection to the broker, from its first byte to its last. What was not answered by then is the caller's. */
export type Link = {
  /** Queues a message; the window the broker grants is kept (MQTT 5 §4.9). */
  send(message: Outgoing): void;
  /** Says something now or never, with QoS 0; false where it is larger than the broker takes. */
  sendOnce(topic: string, payload: string | Buffer, retain: boolean): boolean;
  subscribe(filters: readonly string[]): Promise<void>;
  readonly ended: Promise<LinkEnd>;
  /** Says goodbye, so that the will is not spoken. */
  readonly end: () => void;
};

type Events = {
  readonly opened: (link: Link) => void;
  /** Puts a message in safety; it is acknowledged to the broker when this resolves. Must not reject. */
  readonly received: (message: Incoming) => Promise<void>;
  /** Was something of another process with our id found on this connection? */
  readonly foreign: () => boolean;
};

/**
 * Opens one connection. mqtt.js never reconnects a client here: its store would send old retained states again after
 * newer ones, and it keeps no window. A new connection begins with what is true then.
 */
export function openLink(options: MqttOptions, instance: string, events: Events): Link {
  const client = connect(options.url, clientOptions(options, instance));
  const waiting: Outgoing[] = [];
  let underWay = 0;
  let window = 20;
  // Only a broker of MQTT 5 says what it takes.
  let maxBytes = 1024 * 1024;
  let openedAt: number | undefined;
  let cause: unknown;
  let takenOver = false;
  let doubtfulBytes: number | undefined;

  const fits = (topic: string, payload: string | Buffer) =>
    Buffer.byteLength(topic) + Buffer.byteLength(payload) + 32 <= maxBytes;

  const pump = () => {
    while (client.connected && underWay < window) {
      const message = waiting.shift();
      if (message === undefined) return;
      const { topic, payload, retain, expirySeconds, instance: sayer, answered } = message;
      if (!fits(topic, payload)) {
        answered(`it is larger than the ${maxBytes} bytes the broker takes`);
        continue;
      }
      underWay += 1;
      const doubt = doubtfulBytes;
      const properties = {
        ...(expirySeconds === undefined ? {} : { messageExpiryInterval: Math.ceil(expirySeconds) }),
        ...(sayer === undefined ? {} : { userProperties: { instance: sayer } }),
      };
      client.publish(topic, payload, { qos: 1, retain, properties }, (refused) => {
        underWay -= 1;
        if (doubt === doubtfulBytes) doubtfulBytes = undefined;
        answered(refused?.message);
        pump();
      });
    }
  };

  const link: Link = {
    send(message) {
      waiting.push(message);
      pump();
    },
    sendOnce(topic, payload, retain) {
      if (!fits(topic, payload)) return false;
      if (!client.connected) return true;
      client.publish(topic, payload, { qos: 0, retain });
      doubtfulBytes = Buffer.byteLength(payload);
      return true;
    },
    async subscribe(filters) {
      if (filters.length > 0) await client.subscribeAsync([...filters], { qos: 1 });
    },
    ended: new Promise((resolve) => {
      client.once('close', () => {
        const lasted = openedAt === undefined ? 0 : monotonicSeconds() - openedAt;
        resolve({ opened: openedAt !== undefined, lasted, cause, takenOver, foreign: events.foreign(), doubtfulBytes });
      });
    }),
    // What is still under way would keep a polite end waiting for ever.
    end: () => void client.end(!client.connected || underWay > 0),
  };

  client.on('error', (error) => {
    cause ??= error;
    // After some errors, as of TLS or of a packet that cannot be read, mqtt.js just waits.
    client.stream.destroy();
  });
  client.on('disconnect', (packet) => {
    takenOver ||= packet.reasonCode === sessionTakenOver;
    cause ??= Object.assign(new Error(`the broker ended the connection (${packet.reasonCode ?? 0})`), packet);
  });
  client.on('connect', (connack) => {
    openedAt = monotonicSeconds();
    window = Math.min(64, connack.properties?.receiveMaximum ?? 64);
    maxBytes = connack.properties?.maximumPacketSize ?? maxBytes;
    events.opened(link);
  });
  client.handleMessage = receiver(client, events.received);
  return link;
}

/** MQTT 5 §3.14.2.1 */
const sessionTakenOver = 0x8e;

/**
 * mqtt.js handles one packet after the other, its own acknowledgements too, and acknowledges when the handler is done:
 * a handler that waits for the disk would hold up everything. With an error as the answer it goes on to the next packet
 * and leaves the PUBACK to us.
 */
function receiver(client: MqttClient, receive: Events['received']): MqttClient['handleMessage'] {
  const acks = createAcks((puback) => {
    if (client.connected) client.stream.write(puback);
  }, maxIncoming);
  const later = new Error('acknowledged later');
  return (packet: IPublishPacket, next) => {
    const { topic, retain, qos, messageId } = packet;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const mark = packet.properties?.userProperties?.['instance'];
    const instance = typeof mark === 'string' ? mark : undefined;
    const safe = qos > 0 && messageId !== undefined ? acks.received(messageId) : () => undefined;
    void receive({ topic, payload, retain, instance }).then(safe);
    void acks.room().then(() => next(later));
  };
}
