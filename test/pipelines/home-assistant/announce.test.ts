import { expect, test } from 'vitest';
import { announceHomeAssistant } from '../../../src/pipelines/home-assistant/announce.js';

type Receive = (message: { payload: Uint8Array; retain: boolean }) => Promise<void>;
const device = { topic: 'homeassistant/device/roomwatch_kitchen/config', payload: '{"device":{}}' };

/** A broker and a file that note every call. */
function notebook(earlier: readonly string[] = []) {
  const notes: string[] = [];
  const births: Receive[] = [];
  const note = (line: string) => Promise.resolve(void notes.push(line));
  const needs = {
    publishState: (topic: string, payload: string) => void notes.push(`state ${topic} ${payload}`),
    clear: (topic: string) => note(`clear ${topic}`),
    subscribe: (filter: string, receive: Receive) => {
      notes.push(`subscribe ${filter}`);
      births.push(receive);
    },
    republishStates: () => void notes.push('republish'),
    announced: {
      earlier: () => Promise.resolve(earlier),
      remember: (topics: readonly string[]) => note(`remember ${topics.join(' ')}`),
    },
    pauseBeforeAnswer: () => Promise.resolve(true),
  };
  const born = async (payload: string, retain = false) => {
    for (const receive of births) await receive({ payload: Buffer.from(payload), retain });
    await Promise.resolve();
  };
  return { needs, notes, born };
}

test('a device is recorded on disk before it is announced', async () => {
  const { needs, notes } = notebook();
  await announceHomeAssistant(needs, 'homeassistant', device);
  expect(notes).toEqual([
    `remember ${device.topic}`,
    `state ${device.topic} {"device":{}}`,
    'subscribe homeassistant/status',
  ]);
});

test('a device that was announced before is announced the same way, and nothing is removed', async () => {
  const { needs, notes } = notebook([device.topic]);
  await announceHomeAssistant(needs, 'homeassistant', device);
  expect(notes.filter((note) => note.startsWith('clear'))).toEqual([]);
});

test('an announcement under another name is removed, and forgotten only after that', async () => {
  const { needs, notes } = notebook(['homeassistant/device/roomwatch_old/config']);
  await announceHomeAssistant(needs, 'homeassistant', device);
  expect(notes).toEqual([
    `remember homeassistant/device/roomwatch_old/config ${device.topic}`,
    `state ${device.topic} {"device":{}}`,
    'subscribe homeassistant/status',
    'clear homeassistant/device/roomwatch_old/config',
    `remember ${device.topic}`,
  ]);
});

test('with discovery off the device is removed; if there was none, nothing is published', async () => {
  const before = notebook([device.topic]);
  await announceHomeAssistant(before.needs, 'homeassistant', undefined);
  expect(before.notes).toEqual([`remember ${device.topic}`, `clear ${device.topic}`, 'remember ']);
  const never = notebook();
  await announceHomeAssistant(never.needs, 'homeassistant', undefined);
  expect(never.notes).toEqual([]);
});

test('a birth message is answered with every state; a retained one, a will and a second one meanwhile are not', async () => {
  const { needs, notes, born } = notebook();
  await announceHomeAssistant(needs, 'ha', device);
  notes.length = 0;
  await born('online', true);
  await born('offline');
  expect(notes).toEqual([]);
  await Promise.all([born('online'), born('online')]);
  expect(notes).toEqual(['republish']);
  await born('online');
  expect(notes).toEqual(['republish', 'republish']);
});
