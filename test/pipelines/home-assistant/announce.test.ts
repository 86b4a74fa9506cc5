import { expect, test } from 'vitest';
import { announceHomeAssistant } from '../../../src/pipelines/home-assistant/announce.js';

const device = {
  topic: 'homeassistant/device/roomwatch_kitchen/config',
  payload: '{"components":{}}',
  components: { fps: 'sensor' },
};

/** A broker and a file that note every call. */
function notebook(earlier: readonly string[] = [], components: Readonly<Record<string, string>> = {}) {
  const notes: string[] = [];
  const note = (line: string) => Promise.resolve(void notes.push(line));
  const needs = {
    publishState: (topic: string, payload: string) => void notes.push(`state ${topic} ${payload}`),
    deliver: (topic: string, payload: string) => note(`deliver ${topic} ${payload}`),
    clear: (topic: string) => note(`clear ${topic}`),
    announced: {
      earlier: () => Promise.resolve(earlier),
      earlierComponents: () => Promise.resolve(components),
      remember: (topics: readonly string[], parts: object) =>
        note(['remember', ...topics, ...Object.keys(parts)].join(' ')),
    },
  };
  return { needs, notes };
}

test('a device is recorded on disk before it is announced', async () => {
  const { needs, notes } = notebook();
  await announceHomeAssistant(needs, device);
  expect(notes).toEqual([`remember ${device.topic} fps`, `state ${device.topic} {"components":{}}`]);
});

test('a device that was announced before is announced the same way, and nothing is removed', async () => {
  const { needs, notes } = notebook([device.topic]);
  await announceHomeAssistant(needs, device);
  expect(notes.filter((note) => note.startsWith('clear'))).toEqual([]);
});

test('an announcement under another name is removed, and forgotten only after that', async () => {
  const { needs, notes } = notebook(['homeassistant/device/roomwatch_old/config']);
  await announceHomeAssistant(needs, device);
  expect(notes).toEqual([
    `remember homeassistant/device/roomwatch_old/config ${device.topic} fps`,
    `state ${device.topic} {"components":{}}`,
    'clear homeassistant/device/roomwatch_old/config',
    `remember ${device.topic} fps`,
  ]);
});

test('with discovery off the device is removed; if there was none, nothing is published', async () => {
  const before = notebook([device.topic]);
  await announceHomeAssistant(before.needs, undefined);
  expect(before.notes).toEqual([`remember ${device.topic}`, `clear ${device.topic}`, 'remember']);
  const never = notebook();
  await announceHomeAssistant(never.needs, undefined);
  expect(never.notes).toEqual([]);
});

test('a component that the device no longer has is removed, then left out, and forgotten only after that', async () => {
  const { needs, notes } = notebook([device.topic], { fps: 'sensor', Zone_desk: 'binary_sensor' });
  await announceHomeAssistant(needs, device);
  expect(notes).toEqual([
    `remember ${device.topic} Zone_desk fps`,
    `state ${device.topic} {"components":{}}`,
    `deliver ${device.topic} {"components":{"Zone_desk":{"platform":"binary_sensor"}}}`,
    `state ${device.topic} {"components":{}}`,
    `remember ${device.topic} fps`,
  ]);
});
