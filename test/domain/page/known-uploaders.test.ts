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

test('each uploader is as it said last', () => {
  const roster = createKnownUploaders();
  roster.receive('roomwatch/uploaders/b/availability', 'online');
  roster.receive('roomwatch/uploaders/a/status', JSON.stringify(status));
  roster.receive('roomwatch/uploaders/a/availability', 'online');
  roster.receive('roomwatch/uploaders/b/availability', 'offline');
  expect(roster.list()).toEqual([
    { name: 'a', online: true, status },
    { name: 'b', online: false, status: null },
  ]);
});

test('what is cleared at the broker is forgotten', () => {
  const roster = createKnownUploaders();
  roster.receive('roomwatch/uploaders/a/availability', 'online');
  roster.receive('roomwatch/uploaders/a/availability', '');
  expect(roster.list()).toEqual([]);
});

test.each([
  ['availability', 'perhaps'],
  ['status', '{"state":"dancing"}'],
  ['status', 'not JSON'],
])('a stranger’s %s is passed over: %s', (what, payload) => {
  const roster = createKnownUploaders();
  roster.receive(`roomwatch/uploaders/a/${what}`, payload);
  expect(roster.list()).toEqual([]);
});

test('the list is bounded', () => {
  const roster = createKnownUploaders();
  for (let n = 0; n < 200; n++) roster.receive(`roomwatch/uploaders/u${n}/availability`, 'online');
  expect(roster.list()).toHaveLength(50);
});
