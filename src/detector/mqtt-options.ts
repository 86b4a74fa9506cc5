import type { MqttOptions } from '../adapters/mqtt/options.js';
import { roomTopics } from '../domain/contract/topics.js';
import type { Config } from '../runtime/config/config.js';

/** How the detector of a room connects to the broker. */
export function mqttOptions({ mqtt, room }: Pick<Config, 'mqtt' | 'room'>): MqttOptions {
  return {
    ...mqtt,
    clientId: `${mqtt.base_topic.replaceAll('/', '-')}-${room}`,
    availabilityTopic: roomTopics(mqtt.base_topic, room).availability,
    processName: `detector for room ${room}`,
  };
}
