import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshotReceipt } from '../../src/domain/contract/payloads.js';
import { sampleClip } from '../support/roomwatch.js';
import { connectListener, type Listener } from '../support/listener.js';
import { openMosquitto, type Mosquitto } from '../support/mosquitto.js';
import { openHousehold, type Process, type Household } from '../support/household.js';
import { until } from '../support/until.js';
import { onboard, type Client, type State } from './client.js';
import { kitchenEntities, uploaderEntities } from './expected-entities.js';
import { openInstance, type Instance } from './instance.js';
import { prepare } from './prepare.js';
import { photograph } from './screenshot.js';
import { serveFolder } from './website.js';

type Imported = { readonly raw_data: string; readonly validation_errors: readonly string[] | null };
const examples = join(import.meta.dirname, '..', '..', 'examples', 'home-assistant');

/** What a user's house has besides: a phone, a lamp, and the examples put where they belong. */
const house = `
frontend:
config:
history:
automation: !include_dir_merge_list automations
command_line:
  - notify: { name: mobile_app_phone, command: "cat > phone.txt", command_timeout: 5 }
  - notify: { name: mobile_app_tablet, command: "cat > tablet.txt", command_timeout: 5 }
  - notify: { name: siren, command: "cat > siren.txt", command_timeout: 5 }
input_boolean:
  kitchen_lamp: { initial: true }
  hall_lamp: { initial: false }
light:
  - platform: template
    lights:
      kitchen:
        friendly_name: Kitchen lamp
        value_template: "{{ is_state('input_boolean.kitchen_lamp', 'on') }}"
        turn_on: { action: input_boolean.turn_on, target: { entity_id: input_boolean.kitchen_lamp } }
        turn_off: { action: input_boolean.turn_off, target: { entity_id: input_boolean.kitchen_lamp } }
      hall:
        friendly_name: Hall lamp
        value_template: "{{ is_state('input_boolean.hall_lamp', 'on') }}"
        turn_on: { action: input_boolean.turn_on, target: { entity_id: input_boolean.hall_lamp } }
        turn_off: { action: input_boolean.turn_off, target: { entity_id: input_boolean.hall_lamp } }
lovelace:
  dashboards:
    room-watch: { mode: yaml, filename: dashboard.yaml, title: Roomwatch, show_in_sidebar: true }
logger: { default: warning }
`;

/** What a user chooses for each blueprint. */
const inputs = {
  'person-notification': {
    ...{ occupancy: 'binary_sensor.kitchen', picture: 'image.kitchen_newest_snapshot' },
    notify_action: 'notify.mobile_app_tablet',
  },
  'lights-with-occupancy': {
    ...{ occupancy: 'binary_sensor.kitchen', lights: { entity_id: 'light.hall' }, only_when_dark: false },
  },
  'trouble-alert': {
    ...{ cameras: ['binary_sensor.kitchen_camera'], archives: ['binary_sensor.roomwatch_uploader_problem'] },
    ...{ notify_action: 'notify.siren', patience: 0 },
  },
};

/** Where the README's pictures are taken anew; without it, they are taken and thrown away. */
const pictures = process.env['ROOMWATCH_SCREENSHOTS'];
const prepared = await prepare();

describe.skipIf(prepared === undefined)('Roomwatch in a real Home Assistant', () => {
  let broker: Mosquitto;
  let home: Instance;
  let ada: Client;
  let roomwatch: Household;
  let detector: Process;
  let listener: Listener;
  const clip = { camera: { source: sampleClip, loop: true }, occupancy: { vacancy_seconds: 3 }, http: { port: 0 } };
  const kitchen = { ...clip, room: 'kitchen', snapshots: { min_upload_seconds: 1 } };
  const everywhere = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const withZone = { ...kitchen, zones: [{ name: 'reading-corner', polygon: everywhere }] };

  beforeAll(async () => {
    if (prepared === undefined) return;
    broker = await openMosquitto();
    const files = { automations: join(examples, 'automations'), 'card.yaml': join(examples, 'dashboard-card.yaml') };
    home = await openInstance(prepared.hass, house, files);
    await writeFile(join(home.directory, 'dashboard.yaml'), 'views: [{ title: Home, cards: [!include card.yaml] }]\n');
    ada = await onboard(home.origin);
    await ada.joinBroker(broker.port);
    listener = await connectListener(broker.url, '#');
    roomwatch = await openHousehold({ mqtt: { url: broker.url } });
    detector = await roomwatch.start('detect', withZone);
    await roomwatch.start('upload', { archive: { folder: join(roomwatch.directory, 'archive') } });
  });
  afterAll(async () => {
    await roomwatch?.close();
    listener?.client.end(true);
    await home?.close();
    await broker?.close();
  });

  const becomes = (entity: string, state: string, seconds = 90) =>
    ada.awaitState(entity, state, (now) => now.state === state, seconds);
  const known = (entity: string) =>
    ada.awaitState(entity, 'known', ({ state }) => !['unknown', 'unavailable'].includes(state), 90);

  test('occupancy turns on and off with the clip', async () => {
    const occupied = await becomes('binary_sensor.kitchen', 'on');
    expect(occupied.attributes).toMatchObject({ reason: expect.stringMatching(/^(motion|person)$/) as string });
    expect(typeof occupied.attributes['confirmed']).toBe('boolean');
    await becomes('binary_sensor.kitchen_motion', 'on');
    const free = await becomes('binary_sensor.kitchen', 'off');
    expect(free.attributes).toMatchObject({ reason: 'quiet', visit: null, confirmed: false });
  });

  test('so does a zone', async () => {
    const occupied = await becomes('binary_sensor.kitchen_reading_corner', 'on');
    expect(occupied.attributes).toMatchObject({
      reason: expect.stringMatching(/^(motion|person|presence)$/) as string,
    });
    await becomes('binary_sensor.kitchen_reading_corner', 'off');
  });

  test('the motion event has fired, with what it carries', async () => {
    const { attributes } = await known('event.kitchen_motion_event');
    expect(attributes['event_type']).toMatch(/^motion_(started|ended)$/);
    expect(attributes).toMatchObject({ room: 'kitchen', event_types: ['motion_started', 'motion_ended'] });
  });

  test('every entity is there, as a user should see it', async () => {
    await known('sensor.kitchen_frame_rate');
    await known('sensor.roomwatch_uploader_last_upload');
    const registered = new Map((await ada.entities()).map((entity) => [entity.entity_id, entity]));
    const states = new Map((await ada.states()).map((state) => [state.entity_id, state]));
    const all = [...kitchenEntities, ...uploaderEntities];
    const seen = all.map(({ entity }) => {
      const state = states.get(entity);
      return {
        entity,
        name: state?.attributes['friendly_name'],
        category: registered.get(entity)?.entity_category ?? undefined,
        disabled: registered.get(entity)?.disabled_by === 'integration' || undefined,
        deviceClass: state?.attributes['device_class'],
        unit: state?.attributes['unit_of_measurement'],
        stateClass: state?.attributes['state_class'],
        state: state?.state,
      };
    });
    expect(seen).toEqual(
      all.map(({ entity, name, category, disabled, deviceClass, unit, stateClass, state }) => ({
        entity,
        category,
        disabled,
        ...(disabled
          ? { name: undefined, deviceClass: undefined, unit: undefined, stateClass: undefined, state: undefined }
          : { name, deviceClass, unit, stateClass, state: expect.stringMatching(state ?? /./) as unknown }),
      })),
    );
    const ours = [...registered.values()]
      .filter(({ platform }) => platform === 'mqtt')
      .map(({ entity_id }) => entity_id);
    expect(ours.sort()).toEqual(all.map(({ entity }) => entity).sort());
  });

  test('they stand on two devices', async () => {
    const devices = (await ada.devices()).filter(({ manufacturer }) => manufacturer === 'Roomwatch');
    const shown = devices.map(({ name, model, area_id }) => [name, model, area_id]);
    expect(shown.sort()).toEqual([
      ['Kitchen', 'Room occupancy camera', 'kitchen'],
      ['Roomwatch uploader', 'Snapshot uploader', null],
    ]);
  });

  test('they look like this', async () => {
    await known('sensor.kitchen_frame_rate');
    await becomes('binary_sensor.kitchen', 'off');
    await becomes('binary_sensor.kitchen', 'on');
    const kitchenDevice = (await ada.devices()).find(({ name }) => name === 'Kitchen');
    const path = `/config/devices/device/${kitchenDevice?.id}`;
    await photograph(home.origin, ada.hassTokens, path, {
      path: join(pictures ?? home.directory, 'home-assistant.png'),
      clip: { x: 436, y: 0, width: 690, height: 1620 },
    });
    await photograph(home.origin, ada.hassTokens, '/room-watch', {
      path: join(pictures ?? home.directory, 'home-assistant-card.jpg'),
      clip: { x: 680, y: 56, width: 520, height: 860 },
    });
  });

  test('the last upload has its path as attribute', async () => {
    const { attributes } = await known('sensor.roomwatch_uploader_last_upload');
    expect(attributes['path']).toMatch(/^\/kitchen\/\d{4}-\d{2}-\d{2}\/.*\.jpg$/);
  });

  test('the button takes a snapshot, and the image is that picture byte for byte', async () => {
    await becomes('switch.kitchen_armed', 'on');
    listener.received.length = 0;
    await ada.call('button.press', { entity_id: 'button.kitchen_take_snapshot' });
    const { sha256 } = await receipt(({ reason }) => reason === 'command');
    const picture = await until('the image in Home Assistant is a snapshot', 20, async () => {
      const image = await ada.image('image.kitchen_newest_snapshot');
      const sum = createHash('sha256').update(image).digest('hex');
      return receipts().some((one) => one.sha256 === sum) && sum;
    });
    expect(receipts().map((one) => one.sha256)).toEqual(expect.arrayContaining([picture, sha256]));
  });

  test('the automations run: the picture goes to the phone, the lamp goes off', async () => {
    await becomes('light.kitchen', 'off', 120);
    expect(await written('phone.txt')).toMatch(/^Somebody came in at \d\d:\d\d\.$/);
    for (const state of await automations()) expect([state.entity_id, state.state]).toEqual([state.entity_id, 'on']);
  });

  test('the blueprints import by URL, and what is made of them runs', async () => {
    const folder = join(examples, 'blueprints', 'automation', 'roomwatch');
    const website = await serveFolder(folder);
    const made = [];
    for (const [name, input] of Object.entries(inputs)) {
      const url = `${website}/${name}.yaml`;
      const found = await ada.ask<Imported>({ type: 'blueprint/import', url });
      expect(found.validation_errors).toBeNull();
      const path = `roomwatch/${name}.yaml`;
      await ada.ask({ type: 'blueprint/save', domain: 'automation', path, yaml: found.raw_data, source_url: url });
      made.push({ id: name, alias: name, use_blueprint: { path, input } });
    }
    await writeFile(join(home.directory, 'automations', 'blueprints.yaml'), JSON.stringify(made));
    await ada.call('automation.reload', {});
    await becomes('light.hall', 'on', 120);
    expect(await written('tablet.txt')).toMatch(/^Somebody came in at \d\d:\d\d\.$/);
    await becomes('light.hall', 'off', 120);
    for (const state of await automations()) expect([state.entity_id, state.state]).toEqual([state.entity_id, 'on']);
  });

  test('the card is loaded, and every entity it names exists', async () => {
    const card = JSON.stringify(await ada.ask({ type: 'lovelace/config', url_path: 'room-watch' }));
    const named = [...card.matchAll(/"((?:binary_sensor|button|image|number|sensor|switch)\.[a-z_]+)"/g)].map(
      ([, id]) => id,
    );
    const existing = (await ada.states()).map(({ entity_id }) => entity_id);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((id) => id === undefined || !existing.includes(id))).toEqual([]);
  });

  test('the switch and a number work from Home Assistant, and stick over a restart of the detector', async () => {
    await ada.call('number.set_value', { entity_id: 'number.kitchen_minimum_area', value: 4200 });
    await becomes('number.kitchen_minimum_area', '4200');
    await ada.call('switch.turn_off', { entity_id: 'switch.kitchen_armed' });
    await becomes('switch.kitchen_armed', 'off');
    const disarmed = await becomes('binary_sensor.kitchen', 'unknown');
    expect(disarmed.attributes['reason']).toBe('disarmed');

    expect(await detector.end()).toBe(0);
    await becomes('switch.kitchen_armed', 'unavailable');
    detector = await roomwatch.start('detect', kitchen);
    await becomes('switch.kitchen_armed', 'off');
    await becomes('number.kitchen_minimum_area', '4200');
    const zone = 'binary_sensor.kitchen_reading_corner';
    await until('the zone, which the configuration has no longer, is gone', 60, async () =>
      (await ada.entities()).every(({ entity_id }) => entity_id !== zone),
    );
    await ada.call('switch.turn_on', { entity_id: 'switch.kitchen_armed' });
    await becomes('switch.kitchen_armed', 'on');
  });

  test('a detector that is killed is unavailable, and back after its start', async () => {
    await detector.end('SIGKILL');
    await becomes('binary_sensor.kitchen', 'unavailable');
    expect(await written('siren.txt')).toBe('Roomwatch does not watch this room any more.');
    detector = await roomwatch.start('detect', kitchen);
    await becomes('binary_sensor.kitchen', 'on');
  });

  test.each(['remembering', 'forgetting'] as const)(
    'all is well again after a restart of the broker %s',
    async (how) => {
      await broker.restart(how);
      await becomes('binary_sensor.kitchen', 'on', 120);
      await becomes('switch.kitchen_armed', 'on');
      await becomes('sensor.roomwatch_uploader', 'idle', 120);
    },
  );

  test('all is well again after a restart of Home Assistant, whose birth brings every state anew', async () => {
    listener.received.length = 0;
    await home.restart();
    await listener.until(({ topic, payload }) => topic === 'homeassistant/status' && payload === 'online');
    await listener.until(({ topic, retain }) => topic === 'homeassistant/device/roomwatch_kitchen/config' && !retain);
    await listener.until(({ topic, retain }) => topic === 'roomwatch/kitchen/room-status' && !retain);
    await known('binary_sensor.kitchen');
    await becomes('switch.kitchen_armed', 'on');
    await known('image.kitchen_newest_snapshot');
  });

  test('a zone that was removed while Home Assistant was away is gone when it is back', async () => {
    const zone = 'binary_sensor.kitchen_reading_corner';
    await detector.end();
    detector = await roomwatch.start('detect', withZone);
    await known(zone);
    await home.restart(async () => {
      await detector.end();
      detector = await roomwatch.start('detect', kitchen);
    });
    await becomes('switch.kitchen_armed', 'on');
    await until('the zone is gone', 60, async () =>
      (await ada.entities()).every(({ entity_id }) => entity_id !== zone),
    );
    await known('binary_sensor.kitchen');
  }, 400_000);

  test('a renamed room is another device, and the old one is gone', async () => {
    await detector.end();
    detector = await roomwatch.start('detect', { ...kitchen, room: 'pantry' });
    await becomes('switch.pantry_armed', 'on');
    await devicesBecome(['Pantry', 'Roomwatch uploader']);
    const ours = (await ada.entities()).filter(({ platform }) => platform === 'mqtt').map(({ entity_id }) => entity_id);
    expect(ours.filter((id) => id.includes('kitchen'))).toEqual([]);
  });

  test('with discovery switched off the device is gone', async () => {
    await detector.end();
    detector = await roomwatch.start('detect', { ...kitchen, room: 'pantry', home_assistant: { discovery: false } });
    await devicesBecome(['Roomwatch uploader']);
  });

  test("nothing about Roomwatch or MQTT is warned of in Home Assistant's log", async () => {
    const lines = (await home.log()).split('\n');
    expect(lines.filter((line) => /roomwatch|mqtt|kitchen|pantry|template/i.test(line)).filter(isTrouble)).toEqual([]);
  });

  const written = (file: string) =>
    until(`a notification in ${file}`, 120, () => readFile(join(home.directory, file), 'utf8').catch(() => undefined));
  const isTrouble = (line: string) => / (WARNING|ERROR|CRITICAL) /.test(line) && !expected.test(line);
  /**
   * What Home Assistant must say while this test restarts its broker; and, where a device goes that has a disabled entity,
   * of the empty payload which it then publishes itself on the device's topic and receives.
   */
  const expected = new RegExp(
    [
      'Disconnected from MQTT server',
      'Failed to connect to MQTT server',
      'Connection (refused|reset by peer)|Broken pipe',
      'Error returned from MQTT server: The connection was lost',
      'No device components to cleanup for roomwatch_(kitchen|pantry)',
    ].join('|'),
  );

  const receipts = () =>
    listener.received
      .filter(({ topic }) => topic === 'roomwatch/kitchen/snapshot')
      .map(({ payload }) => snapshotReceipt.parse(JSON.parse(payload)));
  const receipt = (fits: (one: ReturnType<typeof receipts>[number]) => boolean) =>
    until('a receipt', 30, () => Promise.resolve(receipts().find(fits)));
  const automations = async (): Promise<readonly State[]> =>
    (await ada.states()).filter(({ entity_id }) => entity_id.startsWith('automation.'));
  const devicesBecome = (names: readonly string[]) =>
    until(`devices ${names.join(', ')}`, 60, async () => {
      const devices = (await ada.devices()).filter(({ manufacturer }) => manufacturer === 'Roomwatch');
      return (
        devices
          .map(({ name }) => name)
          .sort()
          .join() === names.join()
      );
    });
});
