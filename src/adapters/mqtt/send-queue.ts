import type { MqttClient as Client } from 'mqtt';
import { explain } from './errors.js';
import { createUnanswered, type Unanswered } from './unanswered.js';

/** A message to send with QoS 1. */
export type Outgoing = {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly retain: boolean;
  /** takes the place of an earlier one of its topic that still waits to be sent, and whose `answered` is then not called */
  readonly newest?: boolean | undefined;
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

/** A message or subscription that has not been sent yet. */
type Waiting = {
  readonly topic: string;
  readonly bytes: number;
  send(done: (refusal: string | undefined) => void): void;
  readonly answered: (refusal: string | undefined) => void;
};

/** Names a subscription where topics are named. */
export function subscriptionTo(filter: string): string {
  return `the subscription to ${filter}`;
}

type Rules = {
  /** largest number of messages in flight, if the broker allows that many */
  readonly maxInFlight: number;
  /** Why a topic is not used now; undefined if it is. */
  refuse(topic: string): string | undefined;
  /** Called if the broker leaves something unanswered for too long. */
  silent(what: string): void;
};

/** Room for the header and the properties of a PUBLISH packet. */
const headerBytes = 32;
/** The limit of a broker that names none: more of them take this much than do not. */
const usualMaxBytes = 1024 * 1024;

/** Sends messages on one connection, in order, and keeps the limits of the broker. */
export function createSendQueue(client: Client, rules: Rules) {
  const waiting = new Map<unknown, Waiting>();
  const unanswered = createUnanswered(client, rules.silent);
  let inFlight = 0;
  let limit = Math.min(20, rules.maxInFlight);
  let maxBytes = usualMaxBytes;

  const sizeOf = (topic: string, payload: string | Buffer) =>
    Buffer.byteLength(topic) + Buffer.byteLength(payload) + headerBytes;

  function add(key: unknown, next: Waiting): void {
    waiting.set(key, next);
    sendWaiting();
  }

  function sendWaiting(): void {
    for (const [key, { topic, bytes, send, answered }] of waiting) {
      if (!client.connected || inFlight >= limit) return;
      waiting.delete(key);
      const refusal = bytes > maxBytes ? `it is larger than the ${maxBytes} bytes it accepts` : rules.refuse(topic);
      if (refusal !== undefined) {
        answered(refusal);
        continue;
      }
      inFlight += 1;
      const done = unanswered.add(topic, bytes);
      send((refused) => {
        // At the end of a connection mqtt.js refuses its subscriptions itself.
        if (client.stream.destroyed) return;
        inFlight -= 1;
        done();
        answered(refused);
        sendWaiting();
      });
    }
  }

  return {
    /** Takes over what the broker said when it accepted the connection. */
    setLimits({ receiveMaximum = rules.maxInFlight, maximumPacketSize = usualMaxBytes }: Limits = {}): void {
      limit = Math.min(rules.maxInFlight, receiveMaximum);
      maxBytes = maximumPacketSize;
    },
    send(message: Outgoing): void {
      const { topic, payload, retain, answered } = message;
      const send: Waiting['send'] = (done) =>
        client.publish(topic, payload, { qos: 1, retain, properties: propertiesOf(message) }, (refused) =>
          done(refused?.message),
        );
      add(message.newest === true ? topic : message, { topic, bytes: sizeOf(topic, payload), send, answered });
    },
    /** Subscribes to what a filter matches. */
    subscribe(filter: string, answered: Outgoing['answered']): void {
      const send: Waiting['send'] = (done) =>
        client.subscribe(filter, { qos: 1 }, (refused) => done(refused === null ? undefined : explain(refused)));
      add(answered, { topic: subscriptionTo(filter), bytes: 0, send, answered });
    },
    /** Sends a message with QoS 0 now or never; calls the listener when the broker has it. */
    sendOnce(topic: string, payload: string | Buffer, retain: boolean, accepted: () => void = () => undefined): void {
      if (!client.connected || rules.refuse(topic) !== undefined) return;
      client.publish(topic, payload, { qos: 0, retain });
      unanswered.addOnce(topic, Buffer.byteLength(payload), accepted);
    },
    /** largest payload that fits into a packet of this topic */
    maxPayload: (topic: string) => maxBytes - sizeOf(topic, ''),
    /** number of messages sent and not yet answered */
    get inFlight() {
      return inFlight;
    },
    /** everything the broker has not answered, oldest first */
    unanswered: (): readonly Unanswered[] => unanswered.all(),
    close: unanswered.close,
  };
}

function propertiesOf({ expirySeconds, instance }: Outgoing) {
  return {
    ...(expirySeconds === undefined ? {} : { messageExpiryInterval: Math.ceil(expirySeconds) }),
    ...(instance === undefined ? {} : { userProperties: { instance } }),
  };
}
