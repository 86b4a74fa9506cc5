import { expect, test } from 'vitest';
import { roomTopics } from '../../../src/domain/contract/topics.js';
import { handleCommands } from '../../../src/pipelines/detector/handle-commands.js';

/** Sends one message to a room and returns what it did. */
async function send(topic: 'settings/set' | 'command', payload: string, retain = false) {
  const done: string[] = [];
  const receivers = new Map<string, (message: { payload: Uint8Array; retain: boolean }) => Promise<void>>();
  handleCommands({
    topics: roomTopics('roomwatch', 'hall'),
    subscribe: (filter, receive) => void receivers.set(filter, receive),
    changeSettings: (change) => Promise.resolve(void done.push(`change ${JSON.stringify(change)}`)),
    publishSettings: () => done.push('publish settings'),
    takeSnapshot: () => done.push('snapshot'),
    republishStates: () => done.push('announce'),
    warn: (_fields, words) => done.push(words),
  });
  await receivers.get(`roomwatch/hall/${topic}`)?.({ payload: Buffer.from(payload), retain });
  return done;
}

const cases = [
  ['settings/set', '{"armed":false}', ['change {"armed":false}']],
  ['settings/set', '{"armed":1}', ['refused a change of settings', 'publish settings']],
  ['command', 'snapshot', ['snapshot']],
  ['command', 'announce\n', ['announce']],
  ['command', 'reboot', ['refused an unknown command: use snapshot or announce']],
] as const;

test.each(cases)('%s %s', async (topic, payload, done) => expect(await send(topic, payload)).toEqual(done));

test('retained messages are ignored', async () => {
  expect(await send('settings/set', '{"armed":false}', true)).toEqual(['ignored a retained settings message']);
  expect(await send('command', 'snapshot', true)).toEqual(['ignored a retained command']);
});

test('of a burst, the last settings count: one change, one warning and one announcement, with their counts', async () => {
  const done: string[] = [];
  const receivers = new Map<string, (message: { payload: Uint8Array; retain: boolean }) => Promise<void>>();
  const commands = handleCommands({
    topics: roomTopics('roomwatch', 'hall'),
    subscribe: (filter, receive) => void receivers.set(filter, receive),
    changeSettings: (change, requests) => Promise.resolve(void done.push(`${requests}: ${JSON.stringify(change)}`)),
    publishSettings: () => done.push('publish settings'),
    takeSnapshot: () => undefined,
    republishStates: () => done.push('announce'),
    warn: (fields, words) => done.push(`${words} ${JSON.stringify(fields)}`),
  });
  const say = (topic: string, text: string) =>
    receivers.get(`roomwatch/hall/${topic}`)?.({ payload: Buffer.from(text), retain: false });
  for (let n = 1; n <= 30_000; n += 1) {
    await say('settings/set', `{"vacancy_seconds":${1 + ((n - 1) % 100)}}`);
    if (n % 2 === 0) await say('settings/set', '{"armed":false}');
    await say('command', 'announce');
    await say('command', 'dance');
  }
  await commands.finish();
  const changes = done.filter((line) => line.includes('vacancy_seconds'));
  // One at the start, one at the end, and one for each second between them.
  expect(done.length).toBeLessThan(400);
  expect(changes.reduce((sum, line) => sum + parseInt(line), 0)).toBe(45_000);
  expect(changes.at(-1)).toContain('"vacancy_seconds":100,"armed":false');
  expect(done.join()).toContain('"times":');
});
