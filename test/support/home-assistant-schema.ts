/**
 * What Home Assistant's MQTT integration accepts (releases 2024.12 to 2026.11), restated as a closed table: it drops unknown
 * keys of a component silently and a whole document for one unknown key elsewhere, so every key must be found here.
 */
type Platform = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly deviceClasses: readonly string[];
  readonly categories: readonly string[];
};

const common = [
  ...['platform', 'name', 'unique_id', 'default_entity_id', 'qos', 'enabled_by_default', 'entity_category', 'icon'],
  ...['availability', 'availability_mode', 'json_attributes_topic', 'json_attributes_template'],
];
const both = ['config', 'diagnostic'];

const platforms: Readonly<Record<string, Platform>> = {
  binary_sensor: {
    required: ['state_topic'],
    optional: ['device_class', 'payload_on', 'payload_off', 'value_template', 'off_delay', 'expire_after'],
    deviceClasses: ['occupancy', 'motion', 'presence', 'moving', 'connectivity', 'problem', 'running', 'tamper'],
    categories: ['diagnostic'],
  },
  sensor: {
    required: ['state_topic'],
    optional: [
      ...['device_class', 'state_class', 'unit_of_measurement', 'value_template', 'suggested_display_precision'],
      ...['options', 'expire_after', 'force_update'],
    ],
    deviceClasses: ['enum', 'timestamp', 'duration', 'data_size'],
    categories: ['diagnostic'],
  },
  event: {
    required: ['state_topic', 'event_types'],
    optional: ['device_class', 'value_template'],
    deviceClasses: ['button', 'doorbell', 'motion'],
    categories: both,
  },
  image: {
    required: ['image_topic'],
    optional: ['content_type'],
    deviceClasses: [],
    categories: both,
  },
  switch: {
    required: ['command_topic'],
    optional: [
      ...['state_topic', 'payload_on', 'payload_off', 'state_on', 'state_off', 'value_template', 'command_template'],
      ...['optimistic', 'device_class'],
    ],
    deviceClasses: ['outlet', 'switch'],
    categories: both,
  },
  number: {
    required: ['command_topic', 'min', 'max', 'step'],
    optional: [
      ...['state_topic', 'mode', 'unit_of_measurement', 'device_class', 'value_template', 'command_template'],
      ...['optimistic'],
    ],
    deviceClasses: ['duration'],
    categories: both,
  },
  button: {
    required: ['command_topic'],
    optional: ['payload_press', 'command_template', 'device_class'],
    deviceClasses: ['identify', 'restart', 'update'],
    categories: both,
  },
};

const unitsOfClass: Readonly<Record<string, readonly string[]>> = {
  duration: ['d', 'h', 'min', 's', 'ms'],
  data_size: ['B', 'kB', 'MB'],
};

const root = ['device', 'origin', 'components', 'availability', 'availability_mode'];
const deviceKeys = [
  ...['identifiers', 'connections', 'name', 'manufacturer', 'model', 'model_id', 'hw_version', 'sw_version'],
  ...['serial_number', 'via_device', 'suggested_area', 'configuration_url'],
];
const availabilityKeys = ['topic', 'payload_available', 'payload_not_available', 'value_template'];

type Json = Readonly<Record<string, unknown>>;

/** Everything Home Assistant would refuse or drop in a device document; empty when all of it is taken as meant. */
export function problemsOf(document: Json): string[] {
  const components = document['components'] as Readonly<Record<string, Json>>;
  const device = document['device'] as Json;
  const origin = document['origin'] as Json;
  const ids = Object.values(components).map(
    (component) => `${text(component['platform'])} ${text(component['unique_id'])}`,
  );
  return [
    ...unknown('document', document, root),
    ...missing('document', document, ['device', 'origin', 'components']),
    ...unknown('device', device, deviceKeys),
    ...missing('device', device, ['identifiers', 'name']),
    ...unknown('origin', origin, ['name', 'sw_version', 'support_url']),
    ...missing('origin', origin, ['name']),
    ...availabilityProblems('document', document),
    ...(new Set(ids).size === ids.length ? [] : ['a unique_id is used twice']),
    ...Object.entries(components).flatMap(([key, component]) => componentProblems(key, component)),
  ];
}

function componentProblems(key: string, component: Json): string[] {
  const platform = platforms[text(component['platform'])];
  if (platform === undefined) return [`${key}: no platform ${text(component['platform'])}`];
  const deviceClass = component['device_class'];
  const unit = component['unit_of_measurement'];
  const category = component['entity_category'];
  const units = unitsOfClass[text(deviceClass)];
  return [
    ...unknown(key, component, [...common, ...platform.required, ...platform.optional]),
    ...missing(key, component, ['unique_id', 'default_entity_id', 'name', ...platform.required]),
    ...availabilityProblems(key, component),
    ...topicProblems(key, component),
    ...claim(deviceClass === undefined || platform.deviceClasses.includes(text(deviceClass)), `${key}: device class`),
    ...claim(category === undefined || platform.categories.includes(text(category)), `${key}: entity category`),
    ...claim(units === undefined || units.includes(text(unit)), `${key}: unit ${text(unit)} of its class`),
    ...claim(/^[a-z_]+\.[a-z0-9_]+$/.test(text(component['default_entity_id'])), `${key}: default_entity_id`),
    ...claim(
      text(component['default_entity_id']).startsWith(`${text(component['platform'])}.`),
      `${key}: domain of default_entity_id`,
    ),
    ...claim(component['icon'] === undefined || /^mdi:[a-z0-9-]+$/.test(text(component['icon'])), `${key}: icon`),
    ...claim(
      component['state_class'] === undefined ||
        ['measurement', 'total', 'total_increasing'].includes(text(component['state_class'])),
      `${key}: state class`,
    ),
    ...claim((component['options'] === undefined) === (deviceClass !== 'enum'), `${key}: options go with enum only`),
    ...claim(
      deviceClass !== 'enum' || (component['state_class'] === undefined && unit === undefined),
      `${key}: an enum has neither unit nor state class`,
    ),
    ...claim(
      component['min'] === undefined || Number(component['min']) <= Number(component['max']),
      `${key}: min above max`,
    ),
    ...claim(
      component['json_attributes_template'] === undefined || component['json_attributes_topic'] !== undefined,
      `${key}: attributes without a topic`,
    ),
  ];
}

function topicProblems(key: string, component: Json): string[] {
  return Object.entries(component)
    .filter(([option]) => option.endsWith('_topic'))
    .filter(([, topic]) => typeof topic !== 'string' || topic === '' || /[#+\0]/.test(topic))
    .map(([option]) => `${key}: ${option} is no plain topic`);
}

function availabilityProblems(where: string, holder: Json): string[] {
  const list = holder['availability'];
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [`${where}: availability is not a list`];
  const modes = ['all', 'any', 'latest'];
  return [
    ...claim(modes.includes(text(holder['availability_mode'])), `${where}: availability_mode`),
    ...(list as Json[]).flatMap((entry) => [
      ...unknown(`${where}.availability`, entry, availabilityKeys),
      ...missing(`${where}.availability`, entry, ['topic']),
    ]),
  ];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const claim = (holds: boolean, problem: string): string[] => (holds ? [] : [problem]);

const unknown = (where: string, value: Json, known: readonly string[]): string[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}: unknown key ${key}`);

const missing = (where: string, value: Json, required: readonly string[]): string[] =>
  required.filter((key) => value[key] === undefined).map((key) => `${where}: ${key} is missing`);
