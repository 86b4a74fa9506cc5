import { receiptMessage, statusMessage, type Message } from '../domain/contract/messages.js';
import type { RoomStatus, SnapshotReceipt } from '../domain/contract/payloads.js';
import { roomTopics, type RoomTopics } from '../domain/contract/topics.js';
import type { Log } from '../runtime/log.js';

type Broker = {
  publishState(topic: string, payload: string): void;
  publishEvent(topic: string, payload: string): void;
  publishReading(topic: string, payload: string): void;
  deliver(topic: string, payload: string): Promise<void>;
};

type Room = {
  readonly base: string;
  readonly room: string;
  readonly topics: RoomTopics;
  /** the status before the first frame */
  readonly status: RoomStatus;
};

/** Publishes what happens in one room; nothing here waits for the broker, except `deliver`. */
export type Publisher = {
  /** Publishes a retained message as a state, QoS 0 as a reading, and any other as an event. */
  publish(message: Message): void;
  /** Resolves when the broker has acknowledged the receipt. */
  deliver(receipt: SnapshotReceipt): Promise<void>;
  /** the room status published last */
  readonly status: RoomStatus;
  /** Calls the listener with every room status that is published from now on. */
  onStatus(listener: (status: RoomStatus) => void): void;
};

/** Publishes the room's first status at once. Each change of the status is logged. */
export function createPublisher(mqtt: Broker, { base, room, topics, status }: Room, log: Pick<Log, 'info'>): Publisher {
  const listeners: ((status: RoomStatus) => void)[] = [];
  let published = status;

  const statusPublished = (now: RoomStatus): void => {
    const changed = now.status !== published.status;
    published = now;
    for (const listener of listeners) listener(now);
    if (changed) log.info({ room, reason: now.reason, since: now.since }, `room ${now.status}`);
  };
  const publish = (message: Message): void => {
    const payload = JSON.stringify(message.payload);
    if (message.retain) mqtt.publishState(message.topic, payload);
    else if (message.qos === 0) mqtt.publishReading(message.topic, payload);
    else mqtt.publishEvent(message.topic, payload);
    if (message.topic === topics.roomStatus) statusPublished(message.payload as RoomStatus);
  };
  publish(statusMessage(status, topics));

  return {
    publish,
    deliver(receipt) {
      // Of a room that was renamed, what waits is announced under its old name.
      const { topic, payload } = receiptMessage(receipt, roomTopics(base, receipt.room));
      return mqtt.deliver(topic, JSON.stringify(payload));
    },
    get status() {
      return published;
    },
    onStatus: (listener) => void listeners.push(listener),
  };
}
