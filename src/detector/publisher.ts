import type { Message } from '../domain/contract/messages.js';
import type { RoomStatus } from '../domain/contract/payloads.js';
import type { RoomTopics } from '../domain/contract/topics.js';
import type { Log } from '../runtime/log.js';

type Broker = {
  publishState(topic: string, payload: string): void;
  publishEvent(topic: string, payload: string): void;
};

/** Says messages at the broker, states as states and events as events, and each change of status in the log and to whoever `heard` is. */
export function createPublisher(
  mqtt: Broker,
  topics: RoomTopics,
  room: string,
  log: Pick<Log, 'info'>,
  heard: (status: RoomStatus) => void,
) {
  let told: RoomStatus['status'] = 'unknown';
  return (message: Message): void => {
    const payload = JSON.stringify(message.payload);
    if (message.retain) mqtt.publishState(message.topic, payload);
    else mqtt.publishEvent(message.topic, payload);
    if (message.topic !== topics.roomStatus) return;
    const said = message.payload as RoomStatus;
    heard(said);
    const { status, reason, since } = said;
    if (status !== told) log.info({ room, reason, since }, `room ${status}`);
    told = status;
  };
}
