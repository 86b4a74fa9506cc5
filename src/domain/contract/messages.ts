import type { Health, LiveSettings, PageAddress, RoomStatus, SnapshotReceipt, ZoneStatus } from './payloads.js';
import type { Effect } from '../room/state.js';
import { zoneTopic, type RoomTopics } from './topics.js';

/** One MQTT message of docs/contract.md §2; the payload is sent as JSON, a string as it is. */
export type Message = {
  readonly topic: string;
  readonly payload: object | string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
};

/** Whether the process is there, retained; `offline` is also its last will. */
export function availabilityMessage(availability: 'online' | 'offline', topics: RoomTopics): Message {
  return { topic: topics.availability, payload: availability, qos: 1, retain: true };
}

/** The room status, retained. */
export function statusMessage(status: RoomStatus, topics: RoomTopics): Message {
  return { topic: topics.roomStatus, payload: status, qos: 1, retain: true };
}

/** The status of one zone, retained. */
export function zoneMessage(status: ZoneStatus, topics: RoomTopics): Message {
  return { topic: zoneTopic(topics, status.zone), payload: status, qos: 1, retain: true };
}

/** The live settings, retained. */
export function settingsMessage(settings: LiveSettings, topics: RoomTopics): Message {
  return { topic: topics.settings, payload: settings, qos: 1, retain: true };
}

/** Where the page of the room is, retained. */
export function pageAddressMessage(address: PageAddress, topics: RoomTopics): Message {
  return { topic: topics.page, payload: address, qos: 1, retain: true };
}

/** Health: a reading that may be lost. */
export function healthMessage(health: Health, topics: RoomTopics): Message {
  return { topic: topics.health, payload: health, qos: 0, retain: false };
}

/** The message about a change of the room's status, of a zone's, or of motion: states are retained, events never are. */
export function effectMessage(
  effect: Extract<Effect, { kind: 'room_status' | 'zone_status' | 'motion' }>,
  topics: RoomTopics,
): Message {
  switch (effect.kind) {
    case 'room_status':
      return statusMessage(effect.status, topics);
    case 'zone_status':
      return zoneMessage(effect.status, topics);
    case 'motion':
      return { topic: topics.motion, payload: effect.event, qos: 1, retain: false };
  }
}

/** The receipt of a stored snapshot: an event. */
export function receiptMessage(receipt: SnapshotReceipt, topics: RoomTopics): Message {
  return { topic: topics.snapshot, payload: receipt, qos: 1, retain: false };
}
