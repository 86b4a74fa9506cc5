import { expect, test } from 'vitest';
import { handleUploadResults } from '../../../src/pipelines/detector/handle-upload-results.js';

const id = '01900000-0000-7000-8000-000000000001';
const result = {
  ...{
    snapshot: id,
    room: 'hall',
    result: 'uploaded',
    archive: 'folder',
    path: '/a.jpg',
    content_hash: 'a'.repeat(64),
  },
  ...{ bytes: 1, attempts: 1, taken_at: '2026-11-22T10:15:30.123Z', finished_at: '2026-11-22T10:15:31.123Z' },
  error: null,
};

const cases = [
  ['an uploaded snapshot', result, true],
  ['a lost snapshot', { ...result, result: 'lost', error: { code: 'gone', message: 'm' } }, true],
  ['a refused name', { ...result, result: 'rejected', error: { code: 'disallowed_name', message: 'm' } }, true],
  [
    'a receipt with a forged signature',
    { ...result, result: 'rejected', error: { code: 'bad_signature', message: 'm' } },
    false,
  ],
  ['anything else', { snapshot: id }, false],
] as const;
test.each(cases)('%s', async (_, payload, ends) => {
  const settled: string[] = [];
  const settle = (one: string) => Promise.resolve(void settled.push(one));
  const needs = { snapshots: { settle }, outbox: { settle }, ended: () => undefined, log: { error: () => undefined } };
  await handleUploadResults(needs)({ payload: Buffer.from(JSON.stringify(payload)) });
  expect(settled).toEqual(ends ? [id, id] : []);
});
