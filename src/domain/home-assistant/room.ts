import { diagnosticComponents } from './diagnostics.js';
import { type Component, type Discovery, type DiscoveryContext, discoveryDocument } from './document.js';
import { displayName, roomDeviceId } from './ids.js';
import { settingComponents } from './settings.js';
import { roomTopics, zoneTopic } from '../contract/topics.js';

type RoomContext = DiscoveryContext & {
  readonly room: string;
  /** the address of the detector's page for a browser; undefined if people cannot open it */
  readonly pageUrl: string | undefined;
  /** the names of its zones */
  readonly zones: readonly string[];
};

/** A room as one Home Assistant device. Its states are templates over the payloads of docs/contract.md; its commands are such payloads. */
export function roomDiscovery(context: RoomContext): Discovery {
  const { base, room, pageUrl, zones } = context;
  const topics = roomTopics(base, room);
  const process = { topic: topics.availability };
  const camera = {
    topic: topics.roomStatus,
    value_template: "{{ 'offline' if value_json.reason == 'camera_lost' else 'online' }}",
  };
  const withCamera = { availability: [process, camera], availability_mode: 'all' };
  const name = displayName(room);
  const device = {
    name,
    model: 'Room occupancy camera',
    suggested_area: name,
    ...(pageUrl !== undefined && { configuration_url: pageUrl }),
  };
  const components = {
    ...sensing(topics, withCamera),
    ...Object.fromEntries(zones.map((zone) => [zoneKey(zone), zoneSensor(zone, topics, withCamera)])),
    ...commands(topics, withCamera),
    ...settingComponents(topics.settings, topics.settingsSet),
    ...diagnosticComponents(topics.health),
  };
  return discoveryDocument(context, roomDeviceId(base, room), device, [process], components);
}

type Topics = ReturnType<typeof roomTopics>;

function sensing(topics: Topics, withCamera: object): Record<string, Component> {
  return {
    occupancy: {
      platform: 'binary_sensor',
      name: null,
      device_class: 'occupancy',
      state_topic: topics.roomStatus,
      value_template: "{{ {'occupied': 'ON', 'unoccupied': 'OFF'}.get(value_json.status, 'None') }}",
      json_attributes_topic: topics.roomStatus,
      json_attributes_template:
        "{{ {'reason': value_json.reason, 'since': value_json.since, 'visit': value_json.visit, 'confirmed': value_json.confirmed, 'people': value_json.people} | tojson }}",
      ...withCamera,
    },
    motion: {
      platform: 'binary_sensor',
      name: 'Motion',
      device_class: 'motion',
      state_topic: topics.roomStatus,
      value_template: "{{ 'None' if value_json.status == 'unknown' else 'ON' if value_json.motion else 'OFF' }}",
      ...withCamera,
    },
    people: {
      platform: 'sensor',
      name: 'People',
      icon: 'mdi:account-multiple',
      state_class: 'measurement',
      unit_of_measurement: 'people',
      state_topic: topics.roomStatus,
      // Null, where nothing looks, becomes "None", which Home Assistant shows as unknown.
      value_template: '{{ value_json.people }}',
      ...withCamera,
    },
    motion_event: {
      platform: 'event',
      name: 'Motion event',
      device_class: 'motion',
      event_types: ['motion_started', 'motion_ended'],
      state_topic: topics.motion,
    },
    snapshot: {
      platform: 'image',
      name: 'Newest snapshot',
      image_topic: topics.image,
      content_type: 'image/jpeg',
      qos: 0,
    },
  };
}

/** No name of a room or of another component has a capital letter: the ids of zones and of other entities never meet. */
function zoneKey(zone: string): string {
  return `Zone_${zone}`;
}

/** Home Assistant receives the empty message that removes the state of a zone, too. */
function zoneSensor(zone: string, topics: Topics, withCamera: object): Component {
  return {
    platform: 'binary_sensor',
    name: displayName(zone),
    device_class: 'occupancy',
    state_topic: zoneTopic(topics, zone),
    value_template:
      "{{ {'occupied': 'ON', 'unoccupied': 'OFF'}.get(value_json.status, 'None') if value_json is defined }}",
    json_attributes_topic: zoneTopic(topics, zone),
    json_attributes_template:
      "{{ {'motion': value_json.motion, 'reason': value_json.reason, 'since': value_json.since, 'people': value_json.people} | tojson if value_json is defined else '{}' }}",
    ...withCamera,
  };
}

function commands(topics: Topics, withCamera: object): Record<string, Component> {
  return {
    armed: {
      platform: 'switch',
      name: 'Armed',
      icon: 'mdi:shield-home',
      state_topic: topics.settings,
      value_template: "{{ 'ON' if value_json.armed else 'OFF' }}",
      state_on: 'ON',
      state_off: 'OFF',
      command_topic: topics.settingsSet,
      payload_on: '{"armed":true}',
      payload_off: '{"armed":false}',
    },
    take_snapshot: {
      platform: 'button',
      name: 'Take snapshot',
      icon: 'mdi:camera',
      command_topic: topics.command,
      payload_press: 'snapshot',
      ...withCamera,
    },
  };
}
