import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pause } from '../../async/pause.js';
import type { Log } from '../../domain/log.js';
import { createBrokerHealth } from './broker-health.js';
import { type Connection, type ConnectionEnd, openConnection } from './connection.js';
import type { Current } from './current.js';
import { createDuplicateDetector } from './duplicate-client.js';
import { createHeldTopics } from './held-topics.js';
import { clientOptions, type MqttOptions } from './options.js';
import { createPendingMessages } from './pending-messages.js';
import { createRetainedPictures, type RetainedPicture } from './retained-pictures.js';
import { createRetainedStates } from './retained-states.js';
import { createConnectionLoop } from './connection-loop.js';
import { createSubscriptions, type Handle } from './subscriptions.js';

/** A process at the broker, through all its connections. Only `deliver`, `clear` and `close` wait for the broker. */
export type MqttClient = {
  /** Begins to connect. Subscribe first: the broker sends what it kept for the session at once, and only once. */
  connect(): void;
  /** Publishes a retained state. The newest of each topic is published again on every connection. */
  publishState(topic: string, payload: string): void;
  /**
   * Removes a state from the broker, through any number of connections; calls `removed` when that is done, unless it was
   * published again meanwhile.
   */
  removeState(topic: string, removed: () => void): void;
  /** Publishes an event at least once, unless that is impossible within `expirySeconds`. */
  publishEvent(topic: string, payload: string, expirySeconds?: number): void;
  /** Publishes a reading with QoS 0; it is lost while the broker is away. */
  publishReading(topic: string, payload: string): void;
  /** Publishes a retained picture, and again on every connection; a smaller copy of it if the broker takes no larger one. */
  publishPicture(topic: string, picture: RetainedPicture): void;
  /** Resolves when the broker has the message, through any number of connections; rejects at `close`. */
  deliver(topic: string, payload: string): Promise<void>;
  /** Removes a retained message; resolves and rejects like `deliver`. */
  clear(topic: string): Promise<void>;
  /**
   * Calls `handle` for every message that matches, on this and all later connections. A message is acknowledged when
   * `handle` has resolved; if it rejects, it is called again, with growing pauses. It must not wait for `deliver`.
   */
  subscribe(filter: string, handle: Handle): void;
  /** Publishes `online` and every state again, as on a new connection. */
  republishStates(): void;
  /** Calls the listener on every connection, before the states are published. */
  onConnect(listener: () => void): void;
  readonly connected: boolean;
  /** number of connections after the first */
  readonly reconnects: number;
  /** why it is not connected, or what the broker refuses, for people; undefined when all is well */
  readonly trouble: string | undefined;
  /** when the trouble began, in seconds since the Unix epoch; means nothing when all is well */
  readonly troubleSince: number;
  /** Rejects when the process should end because another one uses its client id. */
  readonly failed: Promise<never>;
  /** Publishes `offline` and disconnects, within about 3 s; then waits up to 1 s for the handlers that run. */
  close(): Promise<void>;
};

const offlinePatienceSeconds = 2;
const disconnectPatienceMs = 1000;

/** Stays connected to the broker until closed, once told to connect. Throws for TLS files that cannot be read. */
export function openMqtt(options: MqttOptions, log: Log): MqttClient {
  const identity = { ...options, instance: randomUUID() };
  clientOptions(options, identity.instance);
  const closing = new AbortController();
  const { signal } = closing;
  const current: Current = { connection: undefined };
  const { host, hostname } = new URL(options.url);
  const health = createBrokerHealth(host, log);
  const held = createHeldTopics();
  const asking = { current, health, held, signal };
  const states = createRetainedStates(identity, asking);
  const pictures = createRetainedPictures(current, log);
  const pending = createPendingMessages(asking);
  const subscriptions = createSubscriptions(asking, log);
  const duplicates = createDuplicateDetector(identity);
  const onConnect: (() => void)[] = [duplicates.opened, health.connected, subscriptions.subscribeAll];
  // A picture last, alone: if the connection then ends, it was the picture.
  const afterConnect = [() => states.republish(pictures.republish), pending.sendAll];
  const opened = (connection: Connection): void => {
    current.connection = connection;
    for (const listener of [...onConnect, ...afterConnect]) listener();
  };
  const ended = (end: ConnectionEnd) => {
    current.connection = undefined;
    if (signal.aborted) return 'no';
    pictures.connectionEnded(end);
    held.ended(end);
    return duplicates.ended(end);
  };
  const open = () => openConnection(options, identity.instance, held, { opened, received: subscriptions.handle });
  const loop = createConnectionLoop({ open, ended, health, host: hostname, who: options.processName, closing });

  subscriptions.add(options.availabilityTopic, (message) => Promise.resolve(duplicates.received(message)));
  return {
    connect: loop.start,
    publishState: states.publish,
    removeState: states.remove,
    publishEvent: (topic, payload, expirySeconds = 60) => pending.publishEvent(topic, payload, expirySeconds),
    publishReading: (topic, payload) => void current.connection?.sendOnce(topic, payload, false),
    publishPicture: pictures.publish,
    deliver: (topic, payload) => pending.deliver(topic, payload, false),
    clear: (topic) => pending.deliver(topic, '', true),
    subscribe: subscriptions.add,
    republishStates: () => states.republish(),
    onConnect: (listener) => void onConnect.push(listener),
    get connected() {
      return current.connection !== undefined;
    },
    get reconnects() {
      return health.reconnects;
    },
    get trouble() {
      return health.trouble;
    },
    get troubleSince() {
      return health.troubleSince;
    },
    failed: loop.failed,
    async close() {
      const { connection } = current;
      const tooLate = pause(offlinePatienceSeconds, signal);
      if (connection !== undefined) await Promise.race([states.publishOffline(), connection.ended, tooLate]);
      closing.abort();
      pending.close();
      const patience = () => sleep(disconnectPatienceMs, undefined, { ref: false });
      await Promise.race([loop.ended(), patience()]);
      await Promise.race([subscriptions.idle(), patience()]);
    },
  };
}
