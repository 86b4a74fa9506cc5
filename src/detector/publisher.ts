import { receiptMessage, statusMessage, type Message } from '../domain/contract/messages.js';
import type { RoomStatus, SnapshotReceipt, ZoneStatus } from '../domain/contract/payloads.js';
import { roomTopics, type RoomTopics } from '../domain/contract/topics.js';
import type { Log } from '../runtime/log.js';
import { createListeners } from './listeners.js';

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
  /** the status of a zone that was published last */
  zone(name: string): ZoneStatus | undefined;
  /** Calls the listener with every room status that is published from now on. */
  onStatus(listener: (status: RoomStatus) => void): void;
  /** Calls the listener with every status of a zone that is published from now on. */
  onZone(listener: (status: ZoneStatus) => void): void;
};

/** Publishes the room's first status at once. Each change of the status, and of a zone's, is logged. */
export function createPublisher(mqtt: Broker, { base, room, topics, status }: Room, log: Pick<Log, 'info'>): Publisher {
  const listeners = createListeners<RoomStatus>();
  const zoneListeners = createListeners<ZoneStatus>();
  const zones = new Map<string, ZoneStatus>();
  let published = status;

  const statusPublished = (now: RoomStatus): void => {
    const changed = now.status !== published.status;
    published = now;
    listeners.notify(now);
    if (changed) log.info({ room, reason: now.reason, since: now.since }, `room ${now.status}`);
  };
  const zonePublished = (now: ZoneStatus): void => {
    const { zone, status: is, reason, since } = now;
    if (is !== (zones.get(zone)?.status ?? 'unknown')) log.info({ room, zone, reason, since }, `zone ${is}`);
    zones.set(zone, now);
    zoneListeners.notify(now);
  };
  const publish = (message: Message): void => {
    const payload = JSON.stringify(message.payload);
    if (message.retain) mqtt.publishState(message.topic, payload);
    else if (message.qos === 0) mqtt.publishReading(message.topic, payload);
    else mqtt.publishEvent(message.topic, payload);
    if (message.topic === topics.roomStatus) statusPublished(message.payload as RoomStatus);
    if (message.topic.startsWith(`${topics.zones}/`)) zonePublished(message.payload as ZoneStatus);
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
    zone: (name) => zones.get(name),
    onStatus: listeners.add,
    onZone: zoneListeners.add,
  };
}
