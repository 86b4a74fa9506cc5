import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { describeConfig } from '../../../src/runtime/config/describe.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The entries of the first room of a file, by key. */
async function entriesOf(text: string, env: Readonly<Record<string, string>>) {
  const file = join(temporaryFolder(), 'home.yaml');
  await writeFile(file, text);
  const readLogin = () => ({ app_key: 'key', refresh_token: 'a refresh token' });
  const loaded = loadConfig({ file, env, readLogin });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const [room] = loaded.rooms;
  const entries = describeConfig(room, loaded.given.get(room) ?? new Map(), file);
  return { file, entry: new Map(entries.map(({ key, ...rest }) => [key, rest])), all: JSON.stringify(entries) };
}

test('each value says where it comes from, and no secret is shown', async () => {
  const { file, entry, all } = await entriesOf(
    'room: hall\ncamera: { source: "rtsp://cam:hunter22@camera/1" }\narchive: { kind: dropbox }\n',
    { ROOMWATCH_MQTT_PASSWORD: 'swordfish99', ROOMWATCH_CAMERA_FPS: '5' },
  );
  expect(entry.get('room')).toEqual({ value: 'hall', source: 'file', name: file });
  expect(entry.get('camera.source')).toEqual({ value: 'rtsp://[secret]@camera/1', source: 'file', name: file });
  expect(entry.get('camera.fps')).toEqual({ value: 5, source: 'environment', name: 'ROOMWATCH_CAMERA_FPS' });
  expect(entry.get('mqtt.password')).toMatchObject({ value: '[secret]', name: 'ROOMWATCH_MQTT_PASSWORD' });
  expect(entry.get('dropbox.refresh_token')).toEqual({ value: '[secret]', source: 'login', name: null });
  expect(entry.get('data_dir')).toMatchObject({ source: 'default' });
  expect(entry.get('http.password')).toEqual({ value: null, source: 'default', name: null });
  expect(all).not.toMatch(/hunter22|swordfish99|a refresh token/);
});

test('a room of several names the file and the room', async () => {
  const { file, entry } = await entriesOf('rooms:\n  - room: hall\n    camera: { source: /dev/video0 }\n', {});
  expect(entry.get('camera.source')).toEqual({ value: '/dev/video0', source: 'file', name: `${file} (room hall)` });
});
