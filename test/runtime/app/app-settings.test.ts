import { expect, test } from 'vitest';
import { appEnvironment, namesBroker, namesRoom, type AppSources } from '../../../src/runtime/app/app-settings.js';
import { loadConfig } from '../../../src/runtime/config/config.js';

const given: AppSources = {
  options: { rooms: [{ room: 'kitchen', camera: 'rtsp://ada:p%40ss@10.0.0.7/1' }], mqtt: {}, archive: {}, log: {} },
  own: {},
  broker: { host: 'core-mosquitto', port: 1883, ssl: false, protocol: '3.1.1', username: 'addons', password: 'a#$b' },
  slug: 'a1b2c3d4_roomwatch',
  dataDir: '/data/roomwatch',
  supervisorAddress: '172.30.32.2',
  port: 8099,
  secret: 's'.repeat(64),
  password: 'made for this start',
  timezone: 'Europe/Berlin',
};

/** The configuration that the program then has. */
function configured(changed: Partial<AppSources>) {
  const loaded = loadConfig({ file: undefined, env: appEnvironment({ ...given, ...changed }), camera: 'needed' });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  expect(loaded.warnings).toEqual([]);
  return loaded;
}

test('a room with its camera is enough: the rest is what Home Assistant knows', () => {
  const { config, rooms } = configured({});
  expect(config.mqtt).toMatchObject({
    ...{ url: 'mqtt://core-mosquitto:1883', protocol: '3.1.1', username: 'addons', password: 'a#$b' },
  });
  expect(config.http).toMatchObject({
    ...{ host: '0.0.0.0', port: 8099, ingress_from: '172.30.32.2', password: 'made for this start' },
    ...{ page_url: 'homeassistant://app/a1b2c3d4_roomwatch' },
  });
  expect(config.archive).toMatchObject({ kind: 'folder', folder: '/media/roomwatch', timezone: 'Europe/Berlin' });
  expect(config).toMatchObject({ data_dir: '/data/roomwatch', home_assistant: { discovery: true } });
  expect(rooms).toHaveLength(1);
  expect(rooms[0]).toMatchObject({
    room: 'kitchen',
    camera: { source: 'rtsp://ada:p%40ss@10.0.0.7/1' },
    http: { host: '127.0.0.1', port: 8100, page_url: 'homeassistant://app/a1b2c3d4_roomwatch' },
  });
});

test('a broker with TLS, at an IPv6 address, without credentials', () => {
  const broker = { host: 'fd00::1', port: 8883, ssl: true, protocol: '3.1.1' };
  expect(configured({ broker }).config.mqtt).toMatchObject({ url: 'mqtts://[fd00::1]:8883', username: undefined });
});

test('options take precedence over the file, the file over what the app assumes', () => {
  const own = {
    mqtt: { base_topic: 'home' },
    http: { password: 'from the file', port: 1, host: '127.0.0.1' },
    archive: { folder: '/share/pictures', timezone: 'UTC' },
    log: { level: 'debug', format: 'json' },
  };
  const options = { ...given.options, log: { level: 'warn' }, archive: { keep_days: 7, folder: '' } };
  const environment = appEnvironment({ ...given, own, options });
  expect(environment).toMatchObject({
    ...{ ROOMWATCH_LOG_LEVEL: 'warn', ROOMWATCH_ARCHIVE_KEEP_DAYS: '7' },
    ...{
      ROOMWATCH_HTTP_PORT: '8099',
      ROOMWATCH_HTTP_HOST: '0.0.0.0',
      ROOMWATCH_MQTT_URL: 'mqtt://core-mosquitto:1883',
    },
  });
  for (const name of ['HTTP_PASSWORD', 'ARCHIVE_FOLDER', 'ARCHIVE_TIMEZONE', 'LOG_FORMAT', 'MQTT_BASE_TOPIC'])
    expect([name, environment[`ROOMWATCH_${name}`]]).toEqual([name, undefined]);
});

test('a room of the options has what the file adds to it, and rooms of the file alone are there, too', () => {
  const options = {
    rooms: [
      {
        room: 'kitchen',
        camera: '/dev/video0',
        rotation: '180',
        vacancy_seconds: 60,
        occupied_by: '',
        snapshot_source: 'rtsp://10.0.0.7/2',
      },
    ],
  };
  const own = {
    rooms: [
      { room: 'hall', camera: { source: 'rtsp://10.0.0.8/1' } },
      { room: 'kitchen', motion: { min_area: 900 }, camera: { source: 'rtsp://10.0.0.9/1', fps: 5 } },
    ],
  };
  const { rooms } = configured({ options, own });
  expect(rooms.map(({ room }) => room)).toEqual(['kitchen', 'hall']);
  expect(rooms[0]).toMatchObject({
    ...{
      camera: { source: '/dev/video0', rotation: 180, fps: 5, snapshot_source: 'rtsp://10.0.0.7/2' },
      motion: { min_area: 900 },
    },
    occupancy: { vacancy_seconds: 60 },
  });
});

test('a mistake is reported as the program reports it, with the name of the room', () => {
  const options = { rooms: [{ room: 'kitchen', camera: 'rtsp://10.0.0.7/1', vacancy_seconds: -1 }] };
  const loaded = loadConfig({ file: undefined, env: appEnvironment({ ...given, options }) });
  expect(loaded).toEqual({
    problems: [expect.stringMatching(/^occupancy\.vacancy_seconds \(room kitchen\): must be/)],
  });
});

test('Home Assistant is asked for a broker only if nobody names one', () => {
  expect(namesBroker({ options: { mqtt: { url: '' } }, own: {} })).toBe(false);
  expect(namesBroker({ options: {}, own: { mqtt: null } })).toBe(false);
  expect(namesBroker({ options: { mqtt: { url: 'mqtt://10.0.0.1' } }, own: {} })).toBe(true);
  expect(namesBroker({ options: {}, own: { mqtt: { url: 'mqtt://10.0.0.1' } } })).toBe(true);
  expect(namesBroker({ options: {}, own: { broker: { embedded: true } } })).toBe(true);
});

test('a room may be in the options or in the file', () => {
  expect(namesRoom({ options: { rooms: [] }, own: {} })).toBe(false);
  expect(namesRoom({ options: { rooms: [] }, own: { rooms: 'kitchen' } })).toBe(false);
  expect(namesRoom({ options: { rooms: [] }, own: { rooms: [{ room: 'hall' }] } })).toBe(true);
  expect(namesRoom(given)).toBe(true);
});
