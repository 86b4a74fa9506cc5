import type { Message } from './domain/messages.js';
import type { RoomStatus } from './domain/payloads.js';
import type { RoomTopics } from './domain/topics.js';
import type { Log } from './runtime/log.js';

type Broker = { state(topic: string, payload: string): void; event(topic: string, payload: string): void };

/** Says messages at the broker, states as states and events as events, and each change of status in the log. */
export function createVoice(mqtt: Broker, topics: RoomTopics, room: string, log: Pick<Log, 'info'>) {
  let told: RoomStatus['status'] = 'unknown';
  return (message: Message): void => {
    const payload = JSON.stringify(message.payload);
    if (message.retain) mqtt.state(message.topic, payload);
    else mqtt.event(message.topic, payload);
    if (message.topic !== topics.roomStatus) return;
    const { status, reason, since } = message.payload as RoomStatus;
    if (status !== told) log.info({ room, reason, since }, `room ${status}`);
    told = status;
  };
}
