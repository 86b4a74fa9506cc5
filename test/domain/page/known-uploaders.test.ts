import { expect, test } from 'vitest';
import { createKnownUploaders } from '../../../src/domain/page/known-uploaders.js';

const status = {
  state: 'idle',
  queued: 0,
  oldest_queued_at: null,
  last_uploaded_at: null,
  last_path: null,
  last_error: null,
  uploaded: 12,
  rejected: 0,
  lost: 0,
};

test('each uploader has its newest availability and status', () => {
  const uploaders = createKnownUploaders();
  uploaders.receive('roomwatch/uploaders/b/availability', 'online');
  uploaders.receive('roomwatch/uploaders/a/status', JSON.stringify(status));
  uploaders.receive('roomwatch/uploaders/a/availability', 'online');
  uploaders.receive('roomwatch/uploaders/b/availability', 'offline');
  expect(uploaders.list()).toEqual([
    { name: 'a', online: true, status },
    { name: 'b', online: false, status: null },
  ]);
});

test('an uploader whose retained message is cleared is removed', () => {
  const uploaders = createKnownUploaders();
  uploaders.receive('roomwatch/uploaders/a/availability', 'online');
  uploaders.receive('roomwatch/uploaders/a/availability', '');
  expect(uploaders.list()).toEqual([]);
});

test.each([
  ['availability', 'perhaps'],
  ['status', '{"state":"dancing"}'],
  ['status', 'not JSON'],
])('an invalid %s is ignored: %s', (what, payload) => {
  const uploaders = createKnownUploaders();
  uploaders.receive(`roomwatch/uploaders/a/${what}`, payload);
  expect(uploaders.list()).toEqual([]);
});

test('the list has a limit', () => {
  const uploaders = createKnownUploaders();
  for (let n = 0; n < 200; n++) uploaders.receive(`roomwatch/uploaders/u${n}/availability`, 'online');
  expect(uploaders.list()).toHaveLength(50);
});
