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
  uploaders.receive('roomwatch/uploaders/b/availability', 'online', undefined);
  uploaders.receive('roomwatch/uploaders/a/status', JSON.stringify(status), 1);
  uploaders.receive('roomwatch/uploaders/a/availability', 'online', undefined);
  uploaders.receive('roomwatch/uploaders/b/availability', 'offline', 100);
  uploaders.receive('roomwatch/uploaders/b/availability', 'offline', 200);
  expect(uploaders.list()).toEqual([
    { name: 'a', online: true, since: null, status },
    { name: 'b', online: false, since: '1970-01-01T00:01:40.000Z', status: null },
  ]);
});

test('an uploader whose retained message is cleared is removed', () => {
  const uploaders = createKnownUploaders();
  uploaders.receive('roomwatch/uploaders/a/availability', 'online', 1);
  uploaders.receive('roomwatch/uploaders/a/availability', '', 1);
  expect(uploaders.list()).toEqual([]);
});

test.each([
  ['availability', 'perhaps'],
  ['status', '{"state":"dancing"}'],
  ['status', 'not JSON'],
])('an invalid %s is ignored: %s', (what, payload) => {
  const uploaders = createKnownUploaders();
  uploaders.receive(`roomwatch/uploaders/a/${what}`, payload, 1);
  expect(uploaders.list()).toEqual([]);
});

test('the list has a limit', () => {
  const uploaders = createKnownUploaders();
  for (let n = 0; n < 200; n++) uploaders.receive(`roomwatch/uploaders/u${n}/availability`, 'online', 1);
  expect(uploaders.list()).toHaveLength(50);
});
