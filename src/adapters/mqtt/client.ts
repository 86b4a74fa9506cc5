import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffSeconds } from '../../domain/backoff.js';
import type { Log } from '../../domain/log.js';
import { topicMatches } from '../../domain/contract/topic-filter.js';
import { type Incoming, type Link, type LinkEnd, openLink } from './connection.js';
import { clientOptions, type MqttOptions } from './options.js';
import { connectionClosed, createOwed, outgoing, type Owed } from './pending-messages.js';
import { createPictureLimit } from './picture-limit.js';
import { createRivalWatch } from './duplicate-client.js';
import { explain } from './errors.js';
import { monotonicSeconds } from '../../async/clock.js';

/** A process at the broker, through all its connections. Nothing here waits for the broker but `deliver` and `close`. */
export type MqttClient = {
  /** Begins. Subscribe first: to a session it kept, the broker delivers at once, and what nobody takes is gone. */
  connect(): void;
  /** Says a retained state. The newest of each topic is said again on every connection, so that it is what remains. */
  publishState(topic: string, payload: string): void;
  /** Says an event, at least once, unless it cannot be said within `expirySeconds`. */
  publishEvent(topic: string, payload: string, expirySeconds?: number): void;
  /** Says a reading now or never. */
  publishReading(topic: string, payload: string): void;
  /** Says a retained picture, and again on every connection; one that the broker would not take is left out. */
  publishPicture(topic: string, jpeg: Buffer): void;
  /** Resolves when the broker has the message, however long and how many connections that takes; rejects at `close`. */
  deliver(topic: string, payload: string): Promise<void>;
  /** Takes a retained message away; resolves and rejects like `deliver`. */
  clear(topic: string): Promise<void>;
  /**
   * Has `receive` called for what matches, on this and all later connections. A message is acknowledged when `receive`
   * has resolved; when it rejects it is called again, with pauses. It must not wait for `deliver`.
   */
  subscribe(filter: string, receive: (message: Incoming) => Promise<void>): void;
  /** Says `online` and every state again, as on a new connection. */
  republishStates(): void;
  /** Is told of every connection before the states are said on it. */
  onConnect(listener: () => void): void;
  readonly connected: boolean;
  /** connections after the first */
  readonly reconnects: number;
  /** Why it is not connected or cannot do all it should, for people; undefined when all is well. */
  readonly trouble: string | undefined;
  /** Rejects when the process should end: another one has its place at the broker. */
  readonly failed: Promise<never>;
  /** Says `offline` and goodbye, within about 3 s. */
  close(): Promise<void>;
};

const pauses = { floorSeconds: 1, ceilingSeconds: 30, jitter: 0.5 };
/** A connection that lasted so long makes the next pause short again. */
const stableSeconds = 10;

/** Stays connected to the broker for ever, once told to connect. Throws for TLS files that cannot be read. */
export function openMqtt(options: MqttOptions, log: Log): MqttClient {
  const instance = randomUUID();
  clientOptions(options, instance);
  const states = new Map<string, string>();
  const pictures = new Map<string, Buffer>();
  const owed = createOwed();
  const subscriptions = new Map<string, (message: Incoming) => Promise<void>>();
  const listeners: (() => void)[] = [];
  const rivals = createRivalWatch(options.protocol);
  const pictureLimit = createPictureLimit(log);
  const closing = new AbortController();
  let fail: (why: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let link: Link | undefined;
  let connections = 0;
  let trouble: string | undefined = 'not yet connected to the broker';
  let refusedTopics = new Set<string>();
  let foreign = false;

  function say(topic: string, payload: string): void {
    link?.send({ topic, payload, retain: true, answered: (refused) => refused && complain(topic, refused) });
  }

  /** Once for each topic and connection. */
  function complain(topic: string, refused: string): void {
    if (refusedTopics.has(topic)) return;
    refusedTopics.add(topic);
    trouble = `the broker refuses messages on ${topic}: ${refused}`;
    log.error({ topic, refused }, 'the broker refuses a message; check its access rules');
  }

  function sayStates(): void {
    for (const [topic, payload] of states) say(topic, payload);
    sayAvailable('online', () => undefined);
  }

  function sayAvailable(payload: 'online' | 'offline', answered: () => void): void {
    link?.send({ topic: options.availabilityTopic, payload, retain: true, instance, answered });
  }

  function transmit(message: Owed, attempt = 1): void {
    const on = link;
    on?.send(
      outgoing(message, monotonicSeconds(), (refused) => {
        if (refused === undefined) {
          owed.forget(message);
          return message.settle(undefined);
        }
        complain(message.topic, refused);
        void pause(backoffSeconds(attempt, { ...pauses, floorSeconds: 5 }, Math.random())).then(() => {
          if (link === on && owed.holds(message)) transmit(message, attempt + 1);
        });
      }),
    );
  }

  function owe(message: Pick<Owed, 'topic' | 'payload' | 'retain'>): Promise<void> {
    if (closing.signal.aborted) return Promise.reject(connectionClosed());
    return new Promise((resolve, reject) => {
      const settle = (why: Error | undefined) => (why === undefined ? resolve() : reject(why));
      transmit(owed.add({ ...message, deadline: undefined, settle }));
    });
  }

  function show(topic: string, jpeg: Buffer): void {
    if (!pictureLimit.allows(jpeg.length) || link?.sendOnce(topic, jpeg, true) !== false) return;
    log.debug({ topic, bytes: jpeg.length }, 'picture is larger than the broker takes');
  }

  function opened(fresh: Link): void {
    link = fresh;
    connections += 1;
    foreign = false;
    trouble = undefined;
    refusedTopics = new Set();
    log.info({ broker: new URL(options.url).host }, 'connected to the broker');
    subscribe(options.availabilityTopic);
    for (const filter of subscriptions.keys()) subscribe(filter);
    for (const listener of listeners) listener();
    sayStates();
    for (const message of owed.due(monotonicSeconds())) transmit(message);
    for (const [topic, jpeg] of pictures) show(topic, jpeg);
  }

  function subscribe(filter: string): void {
    link?.subscribe([filter]).catch((cause: unknown) => {
      if (link === undefined || closing.signal.aborted) return;
      trouble = `the broker refuses the subscription to ${filter}`;
      log.error({ filter, cause: explain(cause) }, 'the broker refuses a subscription; check its access rules');
    });
  }

  async function received(message: Incoming): Promise<void> {
    // What is found on the first connection may be of our own process before this one.
    if (message.topic === options.availabilityTopic && message.retain && connections > 1)
      foreign ||= message.instance !== undefined && message.instance !== instance;
    for (const [filter, receive] of subscriptions) {
      if (!topicMatches(filter, message.topic)) continue;
      for (let attempt = 1; !closing.signal.aborted; attempt += 1) {
        try {
          await receive(message);
          break;
        } catch (err) {
          log.error({ err, topic: message.topic, attempt }, 'a message cannot be taken in now; trying again');
          await pause(backoffSeconds(attempt, pauses, Math.random()));
        }
      }
    }
    // Unacknowledged, it comes again with the next start.
    if (closing.signal.aborted) await new Promise(() => undefined);
  }

  async function stayConnected(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted;) {
      const end = await attempt();
      link = undefined;
      if (closing.signal.aborted) return;
      pictureLimit.ended(end);
      const words = end.cause === undefined ? 'the broker closed the connection' : explain(end.cause);
      const rival = rivals.ended(end);
      // Against a rival a pause would only hide it.
      failures = end.lasted >= stableSeconds || rival === 'perhaps' ? 0 : failures + 1;
      const other = `another ${options.who} seems to be connected to the broker`;
      if (rival === 'surely') {
        closing.abort();
        return fail(new Error(`${other}; stop one of the two, or give it another name`));
      }
      const news = rival === 'perhaps' ? other : words;
      if (news !== trouble) log.warn({ broker: new URL(options.url).host }, `not connected: ${news}`);
      trouble = news;
      await pause(backoffSeconds(Math.max(1, failures), pauses, Math.random()));
    }
  }

  async function attempt(): Promise<LinkEnd> {
    try {
      const fresh = openLink(options, instance, { opened, received, foreign: () => foreign });
      closing.signal.addEventListener('abort', fresh.end, { once: true });
      return await fresh.ended.finally(() => closing.signal.removeEventListener('abort', fresh.end));
    } catch (cause) {
      return { opened: false, lasted: 0, cause, takenOver: false, foreign: false, doubtfulBytes: undefined };
    }
  }

  const pause = (time: number) => sleep(time * 1000, undefined, { signal: closing.signal }).catch(() => undefined);
  let running: Promise<void> | undefined;

  return {
    connect: () => void (running ??= stayConnected()),
    publishState(topic, payload) {
      states.set(topic, payload);
      say(topic, payload);
    },
    publishEvent(topic, payload, expirySeconds = 60) {
      transmit(owed.add({ topic, payload, deadline: monotonicSeconds() + expirySeconds, settle: () => undefined }));
    },
    publishReading: (topic, payload) => void link?.sendOnce(topic, payload, false),
    publishPicture(topic, jpeg) {
      pictures.set(topic, jpeg);
      show(topic, jpeg);
    },
    deliver: (topic, payload) => owe({ topic, payload }),
    clear: (topic) => owe({ topic, payload: '', retain: true }),
    subscribe(filter, receive) {
      subscriptions.set(filter, receive);
      subscribe(filter);
    },
    republishStates: sayStates,
    onConnect: (listener) => void listeners.push(listener),
    get connected() {
      return link !== undefined;
    },
    get reconnects() {
      return Math.max(0, connections - 1);
    },
    get trouble() {
      return trouble;
    },
    failed,
    async close() {
      const last = link;
      if (last !== undefined) {
        const said = new Promise<void>((resolve) => sayAvailable('offline', resolve));
        await Promise.race([said, last.ended, pause(2)]);
      }
      closing.abort();
      owed.giveUp();
      await Promise.race([running, sleep(1000, undefined, { ref: false })]);
    },
  };
}
