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
