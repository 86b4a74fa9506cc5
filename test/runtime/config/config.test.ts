import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { sampleClip } from '../../../src/runtime/config/schema.js';
import { configOf, problemsOf } from '../../support/config-file.js';

test('an empty configuration has the defaults of the contract', () => {
  const loaded = loadConfig({ file: undefined, env: {} });
  expect(loaded).toEqual({
    warnings: [],
    given: expect.any(Map) as unknown,
    rooms: ['config' in loaded && loaded.config],
    config: {
      room: 'room',
      data_dir: 'data',
      camera: {
        source: sampleClip,
        resolution: [640, 480],
        fps: 16,
        warmup_seconds: 2.5,
        stall_seconds: 10,
        rotation: 0,
        transport: 'auto',
        rpicam_options: [],
        pace: 'realtime',
        loop: false,
      },
      motion: { detector: 'adaptive', delta_thresh: 5, min_area: 5000, min_motion_frames: 8, masks: [] },
      recognition: { enabled: true, occupied_by: ['person'] },
      zones: [],
      occupancy: { vacancy_seconds: 30 },
      snapshots: { min_upload_seconds: 3, keep_hours: 48, max_megabytes: 500 },
      mqtt: { url: 'mqtt://127.0.0.1:1883', base_topic: 'roomwatch', protocol: 5 },
      broker: { embedded: false, port: 1883 },
      home_assistant: { discovery: true, prefix: 'homeassistant' },
      http: { host: '127.0.0.1', port: 8080 },
      archive: { kind: 'folder', folder: 'data/archive', path: '{room}/{date}/{time}-{id}.jpg', timezone: 'UTC' },
      dropbox: {},
      uploader: { name: 'uploader' },
      display: false,
      log: { level: 'info', format: 'auto' },
    },
  });
});

test('YAML and JSON give the same result, whatever the name of the file', () => {
  const yaml = configOf(
    'room: kitchen # by the sink\nmqtt:\n  url: mqtts://hub:8883\ndata_dir: /data\narchive: {folder: /data/archive}\n',
    {},
    'conf.json5',
  );
  const json = configOf(
    '{\n\t"room": "kitchen",\n\t"mqtt": {"url": "mqtts://hub:8883"},\n\t"data_dir": "/data",\n\t"archive": {"folder": "/data/archive"}\n}',
    {},
    'conf.yaml',
  );
  expect(yaml).toEqual(json);
  expect(yaml.room).toBe('kitchen');
});

test('an empty file, key or section leaves the defaults', () => {
  expect(configOf('').room).toBe('room');
  expect(configOf('room:\nmqtt:\nhttp:\n  password:\n  port:\n').http.port).toBe(8080);
});

test('a loaded configuration cannot be changed', () => {
  const config = configOf('');
  expect(() => ((config.camera as { fps: number }).fps = 1)).toThrow(TypeError);
  expect(() => (config.camera.resolution as unknown as number[]).push(1)).toThrow(TypeError);
});

test('a rotation and options of rpicam-vid, in the file and in the environment', () => {
  const file = configOf('camera: {rotation: 180, rpicam_options: [--camera, 1]}').camera;
  const env = { ROOMWATCH_CAMERA_ROTATION: '180', ROOMWATCH_CAMERA_RPICAM_OPTIONS: '["--camera", 1]' };
  expect(file).toMatchObject({ rotation: 180, rpicam_options: ['--camera', '1'] });
  expect(configOf('', env).camera).toEqual(file);
});

const wrongValues = [
  ['camera: {rotation: 45}', 'camera.rotation: must be one of 0, 90, 180, 270'],
  ['camera: {rpicam_options: --camera}', 'camera.rpicam_options: must be a list of words, as in ["--camera", "1"]'],
  ['camera: {rpicam_options: [--width, 640]}', 'must be without --width: set camera.resolution'],
  ['camera: {rpicam_options: [--codec=h264]}', 'must be without --codec=h264, which the program sets itself'],
  ['camera: {rpicam_options: ["--camera 1"]}', 'must have each word for itself: ["--camera", "1"]'],
  ['room: Kitchen', 'room: must be a room name'],
  ['room: uploaders', 'room: must be a room name'],
  ['data_dir: ""', 'data_dir: must be a directory'],
  ['camera: {resolution: [640]}', 'camera.resolution: must be [width, height]'],
  ['camera: {resolution: {width: 640}}', 'camera.resolution: must be a value, not a section'],
  ['camera: {fps: 0}', 'camera.fps: must be a number from 0.1 to 240'],
  ['camera: {fps: "16"}', 'camera.fps: must be a number from 0.1 to 240: value was "16"'],
  ['camera: {fps: .nan}', 'camera.fps: must be a number'],
  ['camera: {pace: slow}', 'camera.pace: must be one of realtime, fast: value was "slow"'],
  ['camera: {loop: yes}', 'camera.loop: must be true or false: value was "yes"'],
  ['motion: {detector: best}', 'motion.detector: must be one of adaptive, tutorial'],
  ['motion: {delta_thresh: 0}', 'motion.delta_thresh: must be a whole number from 1 to 255'],
  ['motion: {min_area: 250001}', 'motion.min_area: must be a whole number from 1 to 250000: value was 250001'],
  ['motion: {min_motion_frames: 1.5}', 'motion.min_motion_frames: must be a whole number from 1 to 1000'],
  ['motion: {masks: [[[0, 0], [1, 1]]]}', 'motion.masks: must be a list of polygons'],
  ['motion: {masks: [[[0, 0], [1, 1], [0, 1.2]]]}', 'motion.masks: must be a list of polygons'],
  ['occupancy: {vacancy_seconds: 0}', 'occupancy.vacancy_seconds: must be a number from 1 to 86400'],
  ['snapshots: {min_upload_seconds: -1}', 'snapshots.min_upload_seconds: must be a number from 0 to 86400'],
  ['mqtt: here', 'mqtt: must be a section with any of mqtt.url'],
  ['mqtt: {url: "hub:1883"}', 'mqtt.url: must be a URL such as mqtt://host:1883'],
  ['mqtt: {url: "http://hub"}', 'mqtt.url: must be a URL such as mqtt://host:1883'],
  ['mqtt: {base_topic: ""}', 'mqtt.base_topic: must be a topic without wildcards'],
  ['mqtt: {base_topic: "/home"}', 'mqtt.base_topic: must be a topic without wildcards'],
  ['mqtt: {base_topic: "home/+"}', 'mqtt.base_topic: must be a topic without wildcards'],
  ['mqtt: {base_topic: "home/#"}', 'mqtt.base_topic: must be a topic without wildcards'],
  ['mqtt: {base_topic: "home//room"}', 'mqtt.base_topic: must be a topic without wildcards'],
  ['mqtt: {protocol: 3}', 'mqtt.protocol: must be one of 5, 3.1.1: value was 3'],
  ['broker: {embedded: true}\nmqtt: {password: x}', 'mqtt.username: needed along with mqtt.password'],
  ['mqtt: {cert: me.pem}', 'mqtt.key: needed along with mqtt.cert'],
  ['mqtt: {key: me.key}', 'mqtt.cert: needed along with mqtt.key'],
  ['http: {port: 65536}', 'http.port: must be a whole number from 0 to 65535'],
  ['http: {public_url: pi.local}', 'http.public_url: must be a URL such as http://192.168.1.3:8080'],
  ['http: {host: 0.0.0.0, signing_secret: 0123456789abcdef}', 'http.password: needed, because http.host is 0.0.0.0'],
  ['http: {host: "::", password: open-sesame}', 'http.signing_secret: needed, because http.host is ::'],
  ['archive: {kind: ftp}', 'archive.kind: must be one of folder, dropbox'],
  ['archive: {timezone: Mars/Olympus}', 'archive.timezone: must be a time zone such as Europe/Berlin or UTC'],
  ['archive: {path: "{date}.jpg"}', 'archive.path: must contain {id}'],
  ['archive: {path: "../{id}.jpg"}', 'archive.path: must not contain ".."'],
  ['archive: {kind: dropbox}', 'dropbox.app_key and dropbox.refresh_token: needed for archive.kind dropbox'],
  ['archive: {kind: dropbox}\ndropbox: {app_key: k}', 'dropbox.refresh_token: needed for archive.kind dropbox'],
  ['dropbox: {base_path: "a/../b"}', 'dropbox.base_path: must not contain ".."'],
  ['dropbox: {api_url: "http://127.0.0.1:1/2"}', 'dropbox.api_url: must be an origin'],
  ['uploader: {name: "a/b"}', 'uploader.name: must be a name'],
  ['uploader: {group: "+"}', 'uploader.group: must be a name'],
  ['log: {level: loud}', 'log.level: must be one of trace'],
  ['mqtt: {base_topik: a}', 'mqtt.base_topik: there is no such key; did you mean mqtt.base_topic?'],
  ['mqqt: {url: a}', 'mqqt: there is no such key; did you mean mqtt?'],
  ['min_area: 300', 'min_area: there is no such key; did you mean motion.min_area?'],
  ['weather: fine', 'weather: there is no such key'],
  ['"__proto__": {polluted: true}', '__proto__: there is no such key'],
  ['room: [', 'is not YAML: '],
  ['room: a\nroom: b', 'is not YAML: line 2, column 1: this key is written twice'],
  ['- room', 'must hold keys and values'],
] as const;

test.each(wrongValues)('%s is refused', (text, problem) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test('every problem is listed at once, cross-checks included', () => {
  const problems = problemsOf(
    'romo: a\ncamera: {fps: fast, loop: 1}\nhttp: {host: 0.0.0.0}\narchive: {kind: dropbox}\n',
    { ROOMWATCH_MOTION_MIN_AREA: 'big', ROOMWATCH_MQTT_PASSWORD_FILE: '/nowhere/password' },
  );
  expect(problems).toEqual([
    'romo: there is no such key; did you mean room?',
    'mqtt.password (ROOMWATCH_MQTT_PASSWORD_FILE): /nowhere/password there is no such file',
    'camera.fps: must be a number from 0.1 to 240: value was "fast"',
    'camera.loop: must be true or false: value was 1',
    'motion.min_area (ROOMWATCH_MOTION_MIN_AREA): must be a whole number from 1 to 250000: value was "big"',
    'http.password: needed, because http.host is 0.0.0.0, which other machines can reach',
    'http.signing_secret: needed, because http.host is 0.0.0.0, which other machines can reach; make one with: openssl rand -hex 32',
    'dropbox.app_key and dropbox.refresh_token: needed for archive.kind dropbox (or dropbox.access_token); get them with: roomwatch login dropbox',
  ]);
});

test('a list of problems shows no secret', () => {
  const problems = problemsOf(
    'camera: {source: [rtsp://me:pass-phrase@cam]}\nmqtt: {url: "mqtt//me:pass-phrase@hub"}\nhttp: {password: [pass-phrase]}\n',
  );
  expect(problems).toHaveLength(3);
  expect(problems.join()).not.toContain('pass-phrase');
  expect(problemsOf('mqtt:\n  password: "pass-phrase\n').join()).not.toContain('pass-phrase');
});

test('a missing file is reported', () => {
  expect(loadConfig({ file: '/nowhere/conf.yaml', env: {} })).toEqual({
    problems: ['/nowhere/conf.yaml: there is no such file'],
  });
});

test('the position of an error in JSON is named', () => {
  expect(problemsOf('{"room": "a",\n "b"', {}, 'conf.json')[0]).toMatch(/conf\.json: is not JSON: line 2, column 5: /);
});

describe('MQTT versions', () => {
  test.each([
    ['5', 5],
    ['"5"', 5],
    ['4', '3.1.1'],
    ['"4"', '3.1.1'],
    ['3.1.1', '3.1.1'],
  ])('%s', (written, protocol) => {
    expect(configOf(`mqtt: {protocol: ${written}}`).mqtt.protocol).toBe(protocol);
  });
});

test('a command that needs no secret yet loads a configuration without them', () => {
  const loaded = loadConfig({ file: undefined, env: { ROOMWATCH_ARCHIVE_KIND: 'dropbox' }, secrets: 'later' });
  expect(loaded).toHaveProperty('config.archive.kind', 'dropbox');
});

test('a signing secret that can be guessed causes a warning', () => {
  const loaded = loadConfig({ file: undefined, env: { ROOMWATCH_HTTP_SIGNING_SECRET: 'short' } });
  expect(loaded).toHaveProperty('warnings.0', expect.stringContaining('short enough to be guessed'));
});
