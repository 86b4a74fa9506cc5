import { expect, test } from 'vitest';
import { answerBirthMessages } from '../../../src/pipelines/home-assistant/answer-births.js';

type Receive = (message: { payload: Uint8Array; retain: boolean }) => Promise<void>;

test('a birth message is answered with every state; a retained one, a will and a second one meanwhile are not', async () => {
  const notes: string[] = [];
  let receive: Receive | undefined;
  const subscribe = (filter: string, given: Receive) => {
    expect(filter).toBe('homeassistant/status');
    receive = given;
  };
  const republishStates = () => void notes.push('republish');
  answerBirthMessages({ subscribe, republishStates, pauseBeforeAnswer: () => Promise.resolve(true) });
  const born = async (payload: string, retain = false) => {
    await receive?.({ payload: Buffer.from(payload), retain });
    await Promise.resolve();
  };

  await born('online', true);
  await born('offline');
  expect(notes).toEqual([]);
  await Promise.all([born('online'), born('online')]);
  expect(notes).toEqual(['republish']);
  await born('online');
  expect(notes).toEqual(['republish', 'republish']);
});
