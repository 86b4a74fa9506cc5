import { expect, test } from 'vitest';
import type { Components } from '../../../src/domain/home-assistant/document.js';
import { createAnnouncer } from '../../../src/pipelines/home-assistant/announce.js';

const device = {
  topic: 'homeassistant/device/roomwatch_kitchen/config',
  payload: '{"components":{}}',
  components: { fps: { platform: 'sensor' } },
};

/** A broker and a file that note every call; the file holds what earlier runs have remembered. */
function notebook(earlier: readonly string[] = [], earlierComponents: Components = {}) {
  const notes: string[] = [];
  let stored = { topics: earlier, components: earlierComponents };
  const note = (line: string) => Promise.resolve(void notes.push(line));
  const announcer = createAnnouncer({
    publishState: (topic, payload) => void notes.push(`state ${topic} ${payload}`),
    deliver: (topic, payload) => note(`deliver ${topic} ${payload}`),
    clear: (topic) => note(`clear ${topic}`),
    pause: () => note('pause'),
    announced: {
      earlier: () => Promise.resolve(stored.topics),
      earlierComponents: () => Promise.resolve(stored.components),
      remember: (topics, components) => {
        stored = { topics, components };
        return note(['remember', ...topics, ...Object.keys(components)].join(' '));
      },
    },
  });
  return { announcer, notes };
}

test('a device is recorded on disk before it is announced', async () => {
  const { announcer, notes } = notebook();
  await announcer.announce(device);
  expect(notes).toEqual([`remember ${device.topic} fps`, `state ${device.topic} {"components":{}}`]);
});

test('a device that was announced before is announced the same way, and nothing is removed', async () => {
  const { announcer, notes } = notebook([device.topic]);
  await announcer.announce(device);
  expect(notes.filter((note) => note.startsWith('clear'))).toEqual([]);
});

test('an announcement under another name is removed, and forgotten only after that', async () => {
  const { announcer, notes } = notebook(['homeassistant/device/roomwatch_old/config']);
  await announcer.announce(device);
  expect(notes).toEqual([
    `remember homeassistant/device/roomwatch_old/config ${device.topic} fps`,
    `state ${device.topic} {"components":{}}`,
    'clear homeassistant/device/roomwatch_old/config',
    `remember ${device.topic} fps`,
  ]);
});

test('with discovery off the device is removed; if there was none, nothing is published', async () => {
  const before = notebook([device.topic]);
  await before.announcer.announce(undefined);
  expect(before.notes).toEqual([`remember ${device.topic}`, `clear ${device.topic}`, 'remember']);
  const never = notebook();
  await never.announcer.announce(undefined);
  expect(never.notes).toEqual([]);
});

const desk = { platform: 'binary_sensor', name: 'Desk' };
const withDesk = { fps: device.components.fps, Zone_desk: desk };
/** Home Assistant receives the component, then that it is removed, then the device without it. */
const removal = [
  `deliver ${device.topic} ${JSON.stringify({ components: { Zone_desk: desk } })}`,
  'pause',
  `deliver ${device.topic} {"components":{"Zone_desk":{"platform":"binary_sensor"}}}`,
  'pause',
  `state ${device.topic} {"components":{}}`,
];

test('a component that the device no longer has is announced once more, removed, then left out', async () => {
  const { announcer, notes } = notebook([device.topic], withDesk);
  await announcer.announce(device);
  expect(notes).toEqual([
    `remember ${device.topic} Zone_desk fps`,
    `state ${device.topic} {"components":{}}`,
    ...removal,
  ]);
});

test('it is removed again when Home Assistant has started, which may have been away, and forgotten only then', async () => {
  const { announcer, notes } = notebook([device.topic], withDesk);
  await announcer.announce(device);
  notes.length = 0;
  await announcer.announce(device);
  expect(notes).toEqual([`remember ${device.topic} Zone_desk fps`, `state ${device.topic} {"components":{}}`]);
  notes.length = 0;
  await announcer.homeAssistantStarted();
  expect(notes).toEqual([...removal, `remember ${device.topic} fps`]);
  notes.length = 0;
  await announcer.homeAssistantStarted();
  expect(notes).toEqual([]);
});

test('a component that is back is not removed, and is removed anew when it is gone again', async () => {
  const { announcer, notes } = notebook([device.topic], withDesk);
  await announcer.announce(device);
  notes.length = 0;
  const payload = JSON.stringify({ components: { Zone_desk: desk } });
  await announcer.announce({ ...device, payload, components: withDesk });
  await announcer.homeAssistantStarted();
  expect(notes).toEqual([`remember ${device.topic} fps Zone_desk`, `state ${device.topic} ${payload}`]);
  notes.length = 0;
  await announcer.announce(device);
  expect(notes.slice(2)).toEqual(removal);
});
