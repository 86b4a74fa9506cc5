import { readFileSync } from 'node:fs';
import type { IClientOptions } from 'mqtt';

/**
 * The URL of a broker without its user name and password, and these two, decoded. mqtt.js itself would end the user name
 * at the last colon of the password.
 */
export function splitLogin(url: string): { readonly url: string; readonly login: Partial<IClientOptions> } {
  const bare = new URL(url);
  const { username, password } = bare;
  bare.username = '';
  bare.password = '';
  if (username === '' && password === '') return { url, login: {} };
  const decoded = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { url: bare.href, login: password === '' ? { username: decoded.username } : decoded };
}

/** How a process connects to the broker. The first group is taken from `config.mqtt`. */
export type MqttOptions = {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly protocol: 5 | '3.1.1';
  /** PEM files */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;

  /** fixed for a room or an uploader, so that the broker finds its session again */
  readonly clientId: string;
  /** carries `online` and `offline`; `offline` is also the last will */
  readonly availabilityTopic: string;
  /** names this process in messages to people: `detector for kitchen` */
  readonly processName: string;
  /** how long the broker keeps the session and its messages without a connection, if not a week (MQTT 5 only) */
  readonly sessionSeconds?: number | undefined;
};

/** The broker keeps the session and its messages for a week without a connection. */
const weekSeconds = 7 * 24 * 3600;
/** A larger message is not taken in; those of the contract are far smaller. */
export const maxIncomingBytes = 64 * 1024;
/** The largest number of messages that either side sends before one of them is acknowledged. */
export const maxUnacknowledged = 64;

/**
 * The options of mqtt.js for one connection. Throws if a PEM file cannot be read.
 * @param instance names this process in what it publishes about its availability (MQTT 5 only)
 */
export function clientOptions(options: MqttOptions, instance: string): IClientOptions {
  const { username, password, ca, cert, key } = options;
  const offline = { topic: options.availabilityTopic, payload: Buffer.from('offline'), qos: 1, retain: true } as const;
  const will = options.protocol === 5 ? { ...offline, properties: { userProperties: { instance } } } : offline;
  const v5: IClientOptions = {
    protocolVersion: 5,
    properties: {
      sessionExpiryInterval: options.sessionSeconds ?? weekSeconds,
      maximumPacketSize: maxIncomingBytes,
      receiveMaximum: maxUnacknowledged,
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
    // Each connection is a client of its own (see openConnection), so mqtt.js must do none of these by itself.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // A cache of every two-byte number as a buffer: 7 MB, built at every start.
    writeCache: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...splitLogin(options.url).login,
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  };
}
