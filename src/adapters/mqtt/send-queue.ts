import type { MqttClient as Client } from 'mqtt';

/** A message to send with QoS 1. */
export type Outgoing = {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly retain: boolean;
  /** seconds the broker may keep it (MQTT 5 only) */
  readonly expirySeconds?: number | undefined;
  /** names the process that publishes it (MQTT 5 only) */
  readonly instance?: string | undefined;
  /**
   * Called when the broker has answered; never called if the connection ends first.
   * @param refusal why the broker does not accept the message; undefined if it does
   */
  readonly answered: (refusal: string | undefined) => void;
};

/** What the broker allows for a connection (MQTT 5 §3.2.2.3). */
type Limits = { readonly receiveMaximum?: number; readonly maximumPacketSize?: number };

/** Room for the header and the properties of a PUBLISH packet. */
const headerBytes = 32;
const maxInFlight = 64;

/** Sends messages on one connection, in order, and keeps the limits of the broker. */
export function createSendQueue(client: Client) {
  const waiting: Outgoing[] = [];
  let inFlight = 0;
  let limit = 20;
  // Only a broker of MQTT 5 says how large a packet may be.
  let maxBytes = 1024 * 1024;
  let doubtfulBytes: number | undefined;

  const fits = (topic: string, payload: string | Buffer) =>
    Buffer.byteLength(topic) + Buffer.byteLength(payload) + headerBytes <= maxBytes;

  function publish(message: Outgoing): void {
    const { topic, payload, retain, answered } = message;
    const doubtfulBefore = doubtfulBytes;
    inFlight += 1;
    client.publish(topic, payload, { qos: 1, retain, properties: propertiesOf(message) }, (refused) => {
      inFlight -= 1;
      if (doubtfulBefore === doubtfulBytes) doubtfulBytes = undefined;
      answered(refused?.message);
      sendWaiting();
    });
  }

  function sendWaiting(): void {
    while (client.connected && inFlight < limit) {
      const message = waiting.shift();
      if (message === undefined) return;
      if (fits(message.topic, message.payload)) publish(message);
      else message.answered(`it is larger than the ${maxBytes} bytes the broker accepts`);
    }
  }

  return {
    /** Takes over what the broker said when it accepted the connection. */
    setLimits({ receiveMaximum = maxInFlight, maximumPacketSize = maxBytes }: Limits = {}): void {
      limit = Math.min(maxInFlight, receiveMaximum);
      maxBytes = maximumPacketSize;
    },
    send(message: Outgoing): void {
      waiting.push(message);
      sendWaiting();
    },
    /** Sends a message with QoS 0 now or never; false if it is larger than the broker accepts. */
    sendOnce(topic: string, payload: string | Buffer, retain: boolean): boolean {
      if (!fits(topic, payload)) return false;
      if (!client.connected) return true;
      client.publish(topic, payload, { qos: 0, retain });
      doubtfulBytes = Buffer.byteLength(payload);
      return true;
    },
    /** number of messages sent and not yet answered */
    get inFlight() {
      return inFlight;
    },
    /** size of the last `sendOnce`, if no later answer shows that the broker accepted it */
    get doubtfulBytes() {
      return doubtfulBytes;
    },
  };
}

function propertiesOf({ expirySeconds, instance }: Outgoing) {
  return {
    ...(expirySeconds === undefined ? {} : { messageExpiryInterval: Math.ceil(expirySeconds) }),
    ...(instance === undefined ? {} : { userProperties: { instance } }),
  };
}
