import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { configOf, problemsOf, temporaryFile } from '../../support/config-file.js';

const file = 'ROOMWATCH_MQTT_PASSWORD_FILE';

/** A text with its problem: `LINE:COLUMN words`. The password in it, if any, is hunter2. */
const traps = [
  ['mqtt:\n  password: !secret hunter2', `2:13 mqtt.password: !secret is Home Assistant's`, file],
  ['mqtt:\n  password: !env_var hunter2', '2:13 mqtt.password: !env_var has no meaning', 'in quotes'],
  ['mqtt: !include hunter2.yaml', '1:7 mqtt: !include has no meaning'],
  ['mqtt:\n  password: !hunter2', '2:13 mqtt.password: a value that begins with !', 'put it in quotes', file],
  ['mqtt:\n  password: ! hunter2', '2:13 mqtt.password: a value that begins with !'],
  ['mqtt:\n  password: !!binary hunter2', '2:13 mqtt.password: a value that begins with !'],
  ['mqtt:\n  password: *hunter2', '2:13 mqtt.password: a value that begins with *', 'put it in quotes', file],
  ['mqtt:\n  password: &hunter2', '2:13 mqtt.password: a value that begins with &', 'put it in quotes', file],
  ['mqtt:\n  password: &hunter2 x', '2:13 mqtt.password: a value that begins with &'],
  ['mqtt:\n  username: &a hunter2\n  password: *a', '3:13 mqtt.password: a value that begins with *'],
  ['room: *hunter2', '1:7 room: a value that begins with *'],
  ['mqtt:\n  <<: *hunter2', '2:7 the file: a value that begins with *'],
  ['mqtt: &a {ca: [*a]}', '1:16 the file: refers to itself'],
  ['mqtt:\n  password: #hunter2', '2:13 mqtt.password: what begins with # is a comment', 'put it in quotes'],
  ['mqtt:\n  username: #hunter2\n  ca: x', '2:13 mqtt.username: what begins with # is a comment'],
  ['mqtt:\n  password: pass #hunter2', '2:13 mqtt.password: what follows " #" is a comment', 'whole value in quotes'],
  ['camera:\n  source: rtsp://cam:x #hunter2@h/s', '2:11 camera.source: what follows " #" is a comment'],
  ['mqtt:\n  password: 0123', '2:13 mqtt.password: a number for YAML', 'put it in quotes', file],
  ['mqtt:\n  password: 1e5', '2:13 mqtt.password: a number for YAML'],
  ['mqtt:\n  username: 12345678', '2:13 mqtt.username: a number for YAML'],
  ['room: 101', '1:7 room: a number for YAML, where a text is meant: put it in quotes'],
  ['room: on', '1:7 room: true or false for YAML'],
  ['mqtt:\n  password: Yes', '2:13 mqtt.password: true or false for YAML'],
  ['mqtt:\n  password: true', '2:13 mqtt.password: true or false for YAML'],
  ['mqtt:\n  password: 2024-12-31', '2:13 mqtt.password: a date for YAML'],
  ['mqtt:\n  password: 12:30', '2:13 mqtt.password: a time for YAML'],
  ['dropbox_access_token: 12345678', '1:23 dropbox.access_token: a number for YAML'],
  ['{"mqtt": {"password": 12345678}}', '1:23 mqtt.password: a number for YAML'],
  ['mqtt:\n  password: "{FRIGATE_RTSP_PASSWORD}"', '2:13 mqtt.password: a place such as {PASSWORD}', file],
  ['camera:\n  source: rtsp://cam:{CAM_PW}@h/s', '2:11 camera.source: a place such as {PASSWORD}', '_SOURCE_FILE'],
  ['mqtt:\n\tpassword: hunter2', 'is not YAML: line 2, column 1: a tab: indent with spaces'],
  ['room: a\nmqtt:\n  password: hunter2\n  password: hunter2', '4, column 3: this key is written twice'],
  ['room:hall', '1:6 room: a space is missing behind the colon'],
  ['mqtt:\n  password:hunter2', '2:12 password: a space is missing behind the colon'],
  ['mqtt:\n  password:hunter2\n  username: a', '2:12 password: a space is missing behind the colon'],
  [
    'mqtt:\n  url: mqtt://hub\n    password:hunter2',
    '2:8 mqtt.url: password would be a part of this text: write it on its own line, with a space behind the colon',
  ],
  ['camera:\n  source: # of the hall\n    password:hunter2', '2:11 camera.source: password would be'],
  ['camera:\n  source: |\n    rtsp://h/s password: hunter2', '2:11 camera.source: password would be'],
  ['mqtt: {password:hunter2}', '1:17 the file: a space is missing behind the colon'],
  ['mqtt: {password: a,hunter2}', 'a key in mqtt: there is no such key'],
  ['mqtt:\n  password: @hunter2', 'line 2, column 13: a value that begins with @'],
  ['mqtt:\n  password: a: hunter2', 'line 2, column 13: a second ": " stands on this line'],
  ["mqtt:\n  password: 'it's hunter2'", 'a text with quotes, brackets'],
  ['mqtt:\n  password: "a\\hunter2"', 'write \\ as \\\\'],
  ['mqtt:\n  password: {hunter2', 'a bracket is not closed'],
  ['mqtt: {username: ha, password: #hunter2}\n', 'a text that begins with {, [ or # must be in quotes'],
  ['mqtt:\n  password: {hunter2}', 'mqtt.password: must be a value, not a section'],
  ['mqtt:\n  password: "hunter2', 'a quote or a bracket is not closed'],
  ['room: a\n---\nroom: hunter2', 'a second document begins here'],
  ['? [hunter2]\n: a', '1:3 the file: a key must be a plain word'],
  ['%hunter2\n---\nroom: a', 'line 1, column 1: '],
  ['room: k\ufffdche', 'is not UTF-8 text'],
  [`a: ${'['.repeat(20_000)}`, 'is not YAML'],
] as const;

test.each(traps)('%s', (text, problem, ...advice) => {
  const problems = problemsOf(text);
  const words = problem.replace(/^(\d+):(\d+) /, 'conf.yaml, line $1, column $2: ');
  expect(problems).toHaveLength(1);
  for (const part of [words, ...advice]) expect(problems[0]).toContain(part);
  expect(problems[0]).not.toContain('hunter2');
});

const password = (text: string) => configOf(`mqtt:\n  password: ${text}\n`).mqtt.password;

test.each([
  ['"12345678"', '12345678'],
  ["'#abc'", '#abc'],
  ['"!secret"', '!secret'],
  ["'*a'", '*a'],
  ['a#b', 'a#b'],
  ['abc # with a true comment', 'abc'],
  ['"abc" #comment', 'abc'],
  ['!!str 123', '123'],
  ['"yes"', 'yes'],
  ['pässwort€', 'pässwort€'],
  ['a{b}c', 'a{b}c'],
  ['$ecret', '$ecret'],
])('a password as it is meant: %s', (written, meant) => {
  expect(password(written)).toBe(meant);
});

test('references between values that are no secrets are YAML', () => {
  const text = 'snapshots: &rule {min_upload_seconds: &s 7}\noccupancy: {vacancy_seconds: *s}\n';
  expect(configOf(text).occupancy.vacancy_seconds).toBe(7);
  expect(configOf('camera: {fps: &f 3}\nmotion:\n  <<: {min_area: 70}\n').motion.min_area).toBe(70);
});

test('a text without its quotes is refused in a .json file', () => {
  expect(problemsOf('{"room": "a",\n"mqtt": {"password": hunter2"}}', {}, 'conf.json')).toEqual([
    expect.stringMatching(/conf\.json, line 2, column 22: the file: a text must be in double quotes$/),
  ]);
});

test('a byte order mark and Windows line ends change nothing', () => {
  expect(configOf('\ufeffroom: hall\r\nmqtt:\r\n  password: "a b"\r\n')).toMatchObject({
    room: 'hall',
    mqtt: { password: 'a b' },
  });
  expect(problemsOf('\ufeffroom: 101')[0]).toContain('line 1, column 7');
});

test('a value that is not understood is not reported as missing, too', () => {
  const problems = problemsOf('http:\n  host: 0.0.0.0\n  password: 1234\n  signing_secret: 0123456789abcdef0\n');
  expect(problems).toEqual([expect.stringContaining('line 3, column 13: http.password: a number for YAML')]);
});

test('a secret in a file has the mark and the encoding of its editor checked', () => {
  const read = (content: string) => problemsOf('', { [file]: temporaryFile('secret', content) });
  const marked = loadConfig({ file: undefined, env: { [file]: temporaryFile('secret', '\ufeffhunter2\r\n') } });
  expect(marked).toHaveProperty('config.mqtt.password', 'hunter2');
  expect(read('hunter2\ufffd')[0]).toMatch(/secret is not UTF-8 text/);
  expect(read('h\0u\0')[0]).toMatch(/secret is not UTF-8 text/);
});
