import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { sampleClip } from '../../../src/runtime/config/schema.js';
import { problemsOf, temporaryFile } from '../../support/config-file.js';

type Env = Record<string, string>;

function roomsOf(text: string, env: Env = {}, name = 'home.yaml') {
  const loaded = loadConfig({ file: temporaryFile(name, text), env, camera: 'needed' });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded;
}

const home = `
mqtt: {url: "mqtt://hub:1883"}
camera: {fps: 10}
http: {port: 9000}
archive: {folder: pictures}
rooms:
  - room: kitchen
    camera: {source: "rtsp://cam:secret-1@10.0.0.2/s1"}
  - room: hall
    camera: {source: /dev/video0, fps: 5}
    occupancy: {vacancy_seconds: 90}
  - room: living-room
    camera: {source: clips/living.mp4}
`;

describe('several rooms in one file', () => {
  test('have what differs, and share everything else', () => {
    const { config, rooms } = roomsOf(home);
    expect(rooms.map(({ room }) => room)).toEqual(['kitchen', 'hall', 'living-room']);
    expect(rooms.map(({ camera }) => camera.fps)).toEqual([10, 5, 10]);
    expect(rooms.map(({ occupancy }) => occupancy.vacancy_seconds)).toEqual([30, 90, 30]);
    expect(new Set(rooms.map(({ mqtt }) => mqtt.url))).toEqual(new Set(['mqtt://hub:1883']));
    expect(new Set(rooms.map(({ data_dir }) => data_dir))).toEqual(new Set([config.data_dir]));
    expect(config.archive.folder).toMatch(/\/pictures$/);
    expect(rooms[0].rooms).toBeUndefined();
  });

  test('have ports one after the other', () => {
    expect(roomsOf(home).rooms.map(({ http }) => http.port)).toEqual([9001, 9002, 9003]);
    const chosen = home.replace('room: kitchen', 'room: kitchen\n    http: {port: 9002}');
    expect(roomsOf(chosen).rooms.map(({ http }) => http.port)).toEqual([9002, 9001, 9003]);
    const free = home.replace('9000', '0');
    expect(roomsOf(free).rooms.map(({ http }) => http.port)).toEqual([0, 0, 0]);
    const broker = `broker: {embedded: true, port: 9001}\n${home}`;
    expect(roomsOf(broker).rooms.map(({ http }) => http.port)).toEqual([9002, 9003, 9004]);
  });

  test('have public addresses that follow their ports', () => {
    const published = home.replace('{port: 9000}', '{port: 9000, public_url: "http://pi:80/cams"}');
    expect(roomsOf(published).rooms.map(({ http }) => http.public_url)).toEqual([
      'http://pi:81/cams',
      'http://pi:82/cams',
      'http://pi:83/cams',
    ]);
    const named = home.replace('{port: 9000}', '{port: 9000, public_url: "https://home.example"}');
    expect(problemsOf(named)).toEqual([
      'http.public_url (room kitchen): needed, because the common http.public_url names no port that could follow http.port',
      'http.public_url (room hall): needed, because the common http.public_url names no port that could follow http.port',
      'http.public_url (room living-room): needed, because the common http.public_url names no port that could follow http.port',
    ]);
  });

  test.each([
    ['port: 9000', [undefined, undefined, undefined]],
    [
      'port: 9000, password: p',
      ['kitchen', 'hall', 'living-room'].map((room) => `http://127.0.0.1:9000/rooms/${room}`),
    ],
    [
      'page_url: "https://cams.example/", password: p',
      ['kitchen', 'hall', 'living-room'].map((room) => `https://cams.example/rooms/${room}`),
    ],
  ])('have their pages below the page of all rooms (%s)', (http, expected) => {
    expect(roomsOf(home.replace('port: 9000', http)).rooms.map(({ http: { page_url } }) => page_url)).toEqual(expected);
  });

  test('take the environment for what they share, and variables of their own', () => {
    const { rooms, warnings } = roomsOf(home, {
      ROOMWATCH_MQTT_URL: 'mqtt://other:1883',
      ROOMWATCH_CAMERA_FPS: '3',
      ROOMWATCH_ROOMS_LIVING_ROOM_CAMERA_FPS: '7',
      ROOMWATCH_ROOMS_KITCHEN_CAMERA_SOURCE_FILE: temporaryFile('source', 'rtsp://cam:other@10.0.0.9/s1\n'),
      ROOMWATCH_ROOMS_HAL_CAMERA_FPS: '2',
    });
    expect(rooms.map(({ mqtt }) => mqtt.url)).toEqual(Array(3).fill('mqtt://other:1883'));
    expect(rooms.map(({ camera }) => camera.fps)).toEqual([3, 5, 7]);
    expect(rooms[0].camera.source).toBe('rtsp://cam:other@10.0.0.9/s1');
    expect(warnings).toEqual([
      'environment variable ROOMWATCH_ROOMS_HAL_CAMERA_FPS has no meaning; did you mean ROOMWATCH_ROOMS_HALL_CAMERA_FPS?',
    ]);
  });

  test('may come from the environment alone', () => {
    const list = [
      { room: 'a', camera: { source: 'rtsp://h/1' } },
      { room: 'b', camera: { source: 'rtsp://h/2' } },
    ];
    const loaded = loadConfig({ file: undefined, env: { ROOMWATCH_ROOMS: JSON.stringify(list) } });
    expect(loaded).toHaveProperty('rooms.1.room', 'b');
  });

  test("may follow the tutorial's keys, and use them", () => {
    const { rooms } = roomsOf(
      JSON.stringify({
        ...{ show_video: false, use_dropbox: false, fps: 8, min_area: 900 },
        rooms: [
          { room: 'a', camera: { source: 'a.mp4' } },
          { room: 'b', camera: { source: 'b.mp4' }, min_area: 300 },
        ],
      }),
      {},
      'conf.json',
    );
    expect(rooms.map(({ motion }) => [motion.detector, motion.min_area])).toEqual([
      ['tutorial', 900],
      ['tutorial', 300],
    ]);
  });

  const a = 'room: a, camera: {source: "rtsp://me:one-two-3@Cam:554/1"}';
  test.each([
    ['rooms: []', 'rooms: must be a list of at least one room'],
    ['camera: {source: x}\nrooms: {hall: {}}', 'rooms: must be a list, not a section'],
    ['rooms: [hall]', 'rooms: must be a list of at least one room'],
    [`room: kitchen\nrooms: [{${a}}]`, 'room: each entry of rooms has its own: remove it here'],
    ['rooms: [{camera: {source: a.mp4}}]', 'room (entry 1 of rooms): needed: a name of its own'],
    ['rooms: [{room: Hall, camera: {source: a.mp4}}]', 'room (entry 1 of rooms): must be a room name'],
    ['rooms: [{room: hall}]', 'camera.source (room hall): needed'],
    [`rooms: [{${a}}, {room: a, camera: {source: b.mp4}}]`, 'room: two rooms are called a'],
    [
      `rooms: [{${a}}, {room: b, camera: {source: "rtsp://cam/1"}}]`,
      'camera.source: rooms a and b have the same camera',
    ],
    [
      'camera: {source: x.mp4}\nrooms: [{room: a}, {room: b, camera: {source: ./x.mp4}}]',
      'camera.source: rooms a and b have the same camera',
    ],
    [
      `rooms: [{${a}, http: {port: 81}}, {room: b, camera: {source: x}, http: {port: 81}}]`,
      'http.port: rooms a and b both have 81',
    ],
    [`rooms: [{${a}, camra: {}}]`, 'camra (room a): there is no such key; did you mean camera?'],
    [`rooms: [{${a}, archive: {folder: x}}]`, 'archive.folder (room a): belongs outside rooms'],
    [`rooms: [{${a}, motion: {min_area: -1}}]`, 'motion.min_area (room a): must be a whole number'],
    [`camera: {fps: fast}\nrooms: [{${a}}, {room: b, camera: {source: x}}]`, 'camera.fps: must be a number'],
    [`rooms: [{${a}, mqtt: {password: 12345}}]`, 'mqtt.password: a number for YAML'],
  ])('%s is refused', (text, problem) => {
    const loaded = loadConfig({ file: temporaryFile('home.yaml', text), env: {}, camera: 'needed' });
    const problems = 'problems' in loaded ? loaded.problems : [];
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).not.toMatch(/one-two|12345/);
  });
});

describe('a camera', () => {
  const load = (text: string, env: Env = {}) =>
    loadConfig({ file: temporaryFile('conf.yaml', text), env, camera: 'needed' });

  test('must be named in a configuration for a command that opens it', () => {
    expect(load('room: kitchen')).toEqual({ problems: [expect.stringMatching(/^camera\.source: needed: rtsp:/)] });
    expect(load('room: kitchen', { ROOMWATCH_CAMERA_SOURCE: '/dev/video0' })).toHaveProperty('rooms.0.room', 'kitchen');
    expect(loadConfig({ file: temporaryFile('conf.yaml', 'room: kitchen'), env: {} })).toHaveProperty('config');
  });

  test('called sample is the bundled clip', () => {
    expect(load('camera: {source: sample}')).toHaveProperty('config.camera.source', sampleClip);
    expect(loadConfig({ file: undefined, env: { ROOMWATCH_CAMERA_SOURCE: 'sample' } })).toHaveProperty(
      'config.camera.source',
      sampleClip,
    );
  });
});

describe('paths', () => {
  test('in a file are relative to that file, those left out included', () => {
    const file = temporaryFile('conf.yaml', 'camera: {source: clips/a b.mp4}\nmqtt: {ca: ../ca.pem}\n');
    const folder = join(file, '..');
    expect(loadConfig({ file, env: {} })).toMatchObject({
      config: {
        data_dir: join(folder, 'data'),
        archive: { folder: join(folder, 'data/archive') },
        camera: { source: join(folder, 'clips/a b.mp4') },
        mqtt: { ca: join(folder, '../ca.pem') },
      },
    });
  });

  test('in variables, and without a file, are relative to the working directory', () => {
    const file = temporaryFile('conf.yaml', 'data_dir: here');
    const env = { ROOMWATCH_DATA_DIR: 'there', ROOMWATCH_CAMERA_SOURCE: 'a.mp4' };
    expect(loadConfig({ file, env })).toMatchObject({ config: { data_dir: 'there', camera: { source: 'a.mp4' } } });
    expect(loadConfig({ file: undefined, env: {} })).toMatchObject({ config: { data_dir: 'data' } });
  });

  test.each(['rpicam', 'rtsp://h/1', '/dev/video0', 'me:word@h/1'])('%s is no path', (source) => {
    const loaded = loadConfig({ file: temporaryFile('conf.yaml', `camera: {source: "${source}"}`), env: {} });
    if ('problems' in loaded) expect(loaded.problems[0]).toContain('camera.source: looks like an address');
    else expect(loaded.config.camera.source).toBe(source);
  });
});
