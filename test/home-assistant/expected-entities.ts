/** What Home Assistant must show of a room and an uploader: the tables of docs/home-assistant.md, written out as the expected result. */
export type Expected = {
  readonly entity: string;
  readonly name: string;
  /** a state that holds while the room is watched, the clip runs and uploads work; none: any but unknown or unavailable */
  readonly state?: RegExp;
  readonly category?: 'config' | 'diagnostic';
  readonly deviceClass?: string;
  readonly unit?: string;
  readonly stateClass?: string;
  readonly disabled?: true;
};

const measurement = { stateClass: 'measurement', category: 'diagnostic' } as const;
const number = { category: 'config' } as const;
const seconds = { ...number, deviceClass: 'duration', unit: 's' } as const;
const instant = /^\d{4}-\d{2}-\d{2}T/;
const onOrOff = /^(on|off)$/;

export const kitchenEntities: readonly Expected[] = [
  { entity: 'binary_sensor.kitchen', name: 'Kitchen', deviceClass: 'occupancy', state: onOrOff },
  {
    entity: 'binary_sensor.kitchen_reading_corner',
    name: 'Kitchen Reading corner',
    deviceClass: 'occupancy',
    state: onOrOff,
  },
  { entity: 'binary_sensor.kitchen_motion', name: 'Kitchen Motion', deviceClass: 'motion', state: onOrOff },
  {
    entity: 'sensor.kitchen_people',
    name: 'Kitchen People',
    unit: 'people',
    stateClass: 'measurement',
    state: /^\d+$/,
  },
  { entity: 'event.kitchen_motion_event', name: 'Kitchen Motion event', deviceClass: 'motion', state: instant },
  { entity: 'image.kitchen_newest_snapshot', name: 'Kitchen Newest snapshot', state: instant },
  { entity: 'switch.kitchen_armed', name: 'Kitchen Armed', state: /^on$/ },
  { entity: 'button.kitchen_take_snapshot', name: 'Kitchen Take snapshot', state: /^unknown$/ },
  {
    entity: 'number.kitchen_motion_threshold',
    name: 'Kitchen Motion threshold',
    unit: 'grey levels',
    ...number,
    state: /^5$/,
  },
  { entity: 'number.kitchen_minimum_area', name: 'Kitchen Minimum area', unit: 'px²', ...number, state: /^5000$/ },
  { entity: 'number.kitchen_motion_frames', name: 'Kitchen Motion frames', unit: 'frames', ...number, state: /^8$/ },
  { entity: 'number.kitchen_vacancy_time', name: 'Kitchen Vacancy time', ...seconds, state: /^3$/ },
  { entity: 'number.kitchen_snapshot_interval', name: 'Kitchen Snapshot interval', ...seconds, state: /^1(\.0)?$/ },
  {
    entity: 'binary_sensor.kitchen_camera',
    name: 'Kitchen Camera',
    deviceClass: 'connectivity',
    category: 'diagnostic',
    state: /^on$/,
  },
  {
    entity: 'sensor.kitchen_frame_rate',
    name: 'Kitchen Frame rate',
    unit: 'fps',
    ...measurement,
    state: /^\d+(\.\d+)?$/,
  },
  { entity: 'sensor.kitchen_motion_level', name: 'Kitchen Motion level', unit: '%', ...measurement, disabled: true },
  {
    entity: 'sensor.kitchen_suppressed_triggers',
    name: 'Kitchen Suppressed triggers',
    category: 'diagnostic',
    stateClass: 'total_increasing',
    state: /^\d+$/,
  },
  { entity: 'sensor.kitchen_outbox', name: 'Kitchen Outbox', unit: 'receipts', ...measurement, state: /^\d+$/ },
];

export const uploaderEntities: readonly Expected[] = [
  {
    entity: 'sensor.roomwatch_uploader',
    name: 'Roomwatch uploader',
    deviceClass: 'enum',
    category: 'diagnostic',
    state: /^(idle|uploading)$/,
  },
  {
    entity: 'sensor.roomwatch_uploader_queue',
    name: 'Roomwatch uploader Queue',
    unit: 'snapshots',
    ...measurement,
    state: /^\d+$/,
  },
  {
    entity: 'sensor.roomwatch_uploader_last_upload',
    name: 'Roomwatch uploader Last upload',
    deviceClass: 'timestamp',
    category: 'diagnostic',
    state: instant,
  },
  {
    entity: 'binary_sensor.roomwatch_uploader_problem',
    name: 'Roomwatch uploader Problem',
    deviceClass: 'problem',
    category: 'diagnostic',
    state: /^off$/,
  },
];
