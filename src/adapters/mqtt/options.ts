import { readFileSync } from 'node:fs';
import type { IClientOptions } from 'mqtt';

/** How a process stands at the broker. The first group is `config.mqtt` as it is. */
export type MqttOptions = {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly protocol: 5 | '3.1.1';
  /** PEM files */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;

  /** Fixed for a room or an uploader: the session at the broker is found again by it. */
  readonly clientId: string;
  /** Says `online` / `offline`, the latter as the last will too. */
  readonly availabilityTopic: string;
  /** For messages to people: `detector for room kitchen`. */
  readonly who: string;
};

/** The broker keeps a session, with what it holds for us, for a week without us. */
const sessionSeconds = 7 * 24 * 3600;
/** No message of the contract comes near it; a broker of MQTT 5 never sends us a larger one. */
const maxIncomingBytes = 64 * 1024;
/** So many messages the broker may have under way to us before we have put the first one in safety. */
export const maxIncoming = 64;

/**
 * What mqtt.js is told for one connection. Throws where a PEM file cannot be read.
 * @param instance marks what this process says about its availability
 */
export function clientOptions(options: MqttOptions, instance: string): IClientOptions {
  const { username, password, ca, cert, key } = options;
  const said = { topic: options.availabilityTopic, payload: Buffer.from('offline'), qos: 1, retain: true } as const;
  const will = options.protocol === 5 ? { ...said, properties: { userProperties: { instance } } } : said;
  const v5: IClientOptions = {
    protocolVersion: 5,
    properties: {
      sessionExpiryInterval: sessionSeconds,
      maximumPacketSize: maxIncomingBytes,
      receiveMaximum: maxIncoming,
    },
  };
  return {
    ...(options.protocol === 5 ? v5 : { protocolVersion: 4 }),
    clientId: options.clientId,
    clean: false,
    will,
    keepalive: 30,
    connectTimeout: 10_000,
    rejectUnauthorized: true,
    // Each connection is a client of its own (mqtt-link.ts), so none of these must happen behind our back.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // All numbers of two bytes as buffers would be kept: 7 MB, made at every start.
    writeCache: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  };
}
