import type { SnapshotReceipt } from './payloads.js';
import type { Effect } from '../room/state.js';
import type { RoomTopics } from './topics.js';

/** One MQTT message as the contract has it; the payload is sent as JSON, a string as it is. */
export type Message = {
  readonly topic: string;
  readonly payload: object | string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
};

/** What is said of a change of status or of motion: state is retained, events never are. */
export function effectMessage(effect: Exclude<Effect, { kind: 'snapshot' }>, topics: RoomTopics): Message {
  return effect.kind === 'room_status'
    ? { topic: topics.roomStatus, payload: effect.status, qos: 1, retain: true }
    : { topic: topics.motion, payload: effect.event, qos: 1, retain: false };
}

/** How a kept snapshot is announced. */
export function receiptMessage(receipt: SnapshotReceipt, topics: RoomTopics): Message {
  return { topic: topics.snapshot, payload: receipt, qos: 1, retain: false };
}
