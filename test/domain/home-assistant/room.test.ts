import { describe, expect, it } from 'vitest';
import { withRemoved } from '../../../src/domain/home-assistant/document.js';
import { roomDiscovery } from '../../../src/domain/home-assistant/room.js';
import { liveSettings, settingsChange } from '../../../src/domain/contract/payloads.js';
import { roomTopics } from '../../../src/domain/contract/topics.js';
import { problemsOf } from '../../support/home-assistant-schema.js';

const context = {
  base: 'roomwatch',
  prefix: 'homeassistant',
  version: '1.2.3',
  room: 'kitchen',
  pageUrl: 'http://pi.local:8080/' as string | undefined,
  zones: [] as readonly string[],
};
type Entity = Readonly<Record<string, string>>;
type Document = { device: Entity; components: Readonly<Record<string, Entity>> };
const documentOf = (change: Partial<typeof context> = {}) => {
  const { topic, payload } = roomDiscovery({ ...context, ...change });
  return { topic, document: JSON.parse(payload) as Document };
};

describe('the discovery document of a room', () => {
  it.each([{}, { base: 'site/a', room: 'living-room_2' }, { prefix: 'ha/discovery' }, { zones: ['desk', 'motion'] }])(
    'has nothing that Home Assistant would refuse or drop (%o)',
    (change) => {
      expect(problemsOf(documentOf(change).document)).toEqual([]);
    },
  );

  it('is published on the topic of its device, below the prefix', () => {
    expect(documentOf().topic).toBe('homeassistant/device/roomwatch_kitchen/config');
    expect(documentOf({ prefix: 'ha' }).topic).toBe('ha/device/roomwatch_kitchen/config');
  });

  it('lists these entities, whose ids never change', () => {
    const { components } = documentOf().document;
    expect(Object.entries(components).map(([key, entity]) => `${key} ${entity['default_entity_id']}`)).toEqual([
      'occupancy binary_sensor.kitchen',
      'motion binary_sensor.kitchen_motion',
      'people sensor.kitchen_people',
      'motion_event event.kitchen_motion_event',
      'snapshot image.kitchen_newest_snapshot',
      'armed switch.kitchen_armed',
      'take_snapshot button.kitchen_take_snapshot',
      'delta_thresh number.kitchen_motion_threshold',
      'min_area number.kitchen_minimum_area',
      'min_motion_frames number.kitchen_motion_frames',
      'vacancy_seconds number.kitchen_vacancy_time',
      'min_upload_seconds number.kitchen_snapshot_interval',
      'camera binary_sensor.kitchen_camera',
      'fps sensor.kitchen_frame_rate',
      'motion_level sensor.kitchen_motion_level',
      'suppressed sensor.kitchen_suppressed_triggers',
      'outbox sensor.kitchen_outbox',
    ]);
    expect(
      Object.entries(components).every(([key, entity]) => entity['unique_id'] === `roomwatch_kitchen_${key}`),
    ).toBe(true);
  });

  it('uses only topics of the contract', () => {
    const known: string[] = Object.values(roomTopics('roomwatch', 'kitchen'));
    const topics = Object.values(documentOf().document.components).flatMap((entity) =>
      Object.entries(entity).flatMap(([option, value]) => (option.endsWith('_topic') ? [value] : [])),
    );
    expect(topics.filter((topic) => !known.includes(topic))).toEqual([]);
  });

  it('has an occupancy sensor for each zone, whose id no other entity can have', () => {
    const { components } = documentOf({ zones: ['desk', 'motion'] }).document;
    expect(components['Zone_desk']).toMatchObject({
      ...{ platform: 'binary_sensor', name: 'Desk', device_class: 'occupancy' },
      ...{ unique_id: 'roomwatch_kitchen_Zone_desk', default_entity_id: 'binary_sensor.kitchen_desk' },
      state_topic: 'roomwatch/kitchen/zones/desk',
      availability: components['occupancy']?.['availability'],
    });
    expect(components['Zone_motion']?.['state_topic']).toBe('roomwatch/kitchen/zones/motion');
    expect(components['motion']?.['state_topic']).toBe('roomwatch/kitchen/room-status');
  });

  it('removes a zone by its platform alone', () => {
    const device = roomDiscovery(context);
    const { components } = JSON.parse(
      withRemoved(device, { Zone_desk: { platform: 'binary_sensor', name: 'Desk' } }),
    ) as Document;
    expect(components).toEqual({ ...documentOf().document.components, Zone_desk: { platform: 'binary_sensor' } });
  });

  it('offers every live setting, and sends what the detector accepts', () => {
    const { components } = documentOf().document;
    const sent = Object.values(components)
      .filter((entity) => entity['command_topic'] === 'roomwatch/kitchen/settings/set')
      .flatMap((entity) => {
        const texts =
          entity['platform'] === 'switch'
            ? [entity['payload_on'], entity['payload_off']]
            : [entity['min'], entity['max']].map((value) =>
                entity['command_template']?.replace('{{ value }}', String(value)),
              );
        return texts.map((text) => settingsChange.parse(JSON.parse(text ?? '')));
      });
    expect([...new Set(sent.flatMap(Object.keys))].sort()).toEqual(Object.keys(liveSettings.shape).sort());
  });

  it('shows how many people there are, and says in the attributes whether somebody was recognised', () => {
    const { occupancy, people } = documentOf().document.components;
    expect(people).toMatchObject({
      state_topic: 'roomwatch/kitchen/room-status',
      state_class: 'measurement',
      value_template: '{{ value_json.people }}',
      availability: occupancy?.['availability'],
    });
    const named = [...(occupancy?.['json_attributes_template'] ?? '').matchAll(/'(\w+)': value_json\.(\w+)/g)];
    expect(named.map(([, name]) => name)).toEqual(['reason', 'since', 'visit', 'confirmed', 'people']);
    expect(named.every(([, name, member]) => name === member)).toBe(true);
  });

  it('links to the page', () => {
    expect(documentOf().document.device['configuration_url']).toBe('http://pi.local:8080/');
    expect(documentOf({ pageUrl: undefined }).document.device).not.toHaveProperty('configuration_url');
  });

  it.each([
    [
      'an unknown key of a component',
      { components: { occupancy: { object_id: 'kitchen' } } },
      'occupancy: unknown key object_id',
    ],
    ['an unknown key of the document', { '~': 'roomwatch' }, 'document: unknown key ~'],
    ['an unknown key of the device', { device: { vendor: 'x' } }, 'device: unknown key vendor'],
    ['a class of another platform', { components: { fps: { device_class: 'connectivity' } } }, 'fps: device class'],
    [
      'a unit its class has not',
      { components: { vacancy_seconds: { unit_of_measurement: 'sec' } } },
      'vacancy_seconds: unit sec of its class',
    ],
    [
      'a category its platform has not',
      { components: { camera: { entity_category: 'config' } } },
      'camera: entity category',
    ],
  ])('would be reported with %s', (_, change, problem) => {
    expect(problemsOf(merged(documentOf().document, change))).toEqual([problem]);
  });
});

function merged<T extends object>(whole: T, part: object): T & Record<string, unknown> {
  const entries = Object.entries(part).map(([key, value]: [string, unknown]) => {
    const old: unknown = Reflect.get(whole, key);
    return [key, isObject(value) && isObject(old) ? merged(old, value) : value];
  });
  return { ...whole, ...(Object.fromEntries(entries) as Record<string, unknown>) };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
