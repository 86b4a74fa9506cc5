import { expect, test } from 'vitest';
import { createRoomList } from '../../../src/domain/page/overview.js';
import { quietState } from '../../support/page-needs.js';

const status = JSON.stringify(quietState.status);
const addressOf = (room: string, url: string, at = '2026-11-26T10:00:00.000Z') =>
  JSON.stringify({ room, url, at, signature: 'true' });
const isSigned = ({ signature }: Readonly<Record<string, unknown>>) => signature === 'true';

test('a room is known by its retained messages, in whatever order they come', () => {
  const rooms = createRoomList(isSigned);
  rooms.receive('kitchen', 'address', addressOf('kitchen', 'http://127.0.0.1:8081'));
  rooms.receive('kitchen', 'status', status);
  rooms.receive('kitchen', 'availability', 'online');
  rooms.receive('hall', 'availability', 'online');
  expect(rooms.list()).toEqual([
    { room: 'hall', online: true, since: null, status: null, reachable: false },
    { room: 'kitchen', online: true, since: null, status: quietState.status, reachable: true },
  ]);
  expect(rooms.addressOf('kitchen')).toBe('http://127.0.0.1:8081');
});

test('a room whose detector is offline stays, and one whose messages are cleared goes', () => {
  const rooms = createRoomList(isSigned);
  rooms.receive('hall', 'status', status);
  rooms.receive('hall', 'availability', 'offline');
  expect(rooms.list()).toEqual([
    { room: 'hall', online: false, since: null, status: quietState.status, reachable: false },
  ]);
  rooms.receive('hall', 'availability', '');
  rooms.receive('hall', 'status', '');
  expect(rooms.list()).toEqual([]);
});

test('the time since which a detector is offline is known if its message was seen to come', () => {
  const rooms = createRoomList(isSigned);
  const since = () => rooms.list()[0]?.since;
  rooms.receive('hall', 'status', status);
  rooms.receive('hall', 'availability', 'online');
  expect(since()).toBeNull();
  rooms.receive('hall', 'availability', 'offline', 1000);
  rooms.receive('hall', 'availability', 'offline', 2000);
  expect(since()).toBe('1970-01-01T00:16:40.000Z');
});

test.each([
  ['not signed', JSON.stringify({ ...JSON.parse(addressOf('hall', 'http://evil')), signature: 'false' })],
  ['of another room', addressOf('kitchen', 'http://evil')],
  ['not of HTTP', addressOf('hall', 'file:///etc/passwd')],
  ['older than the known one', addressOf('hall', 'http://evil', '2026-11-25T10:00:00.000Z')],
])('an address that is %s is not asked', (_, payload) => {
  const rooms = createRoomList(isSigned);
  rooms.receive('hall', 'address', addressOf('hall', 'http://pi:8081'));
  rooms.receive('hall', 'address', payload);
  expect(rooms.addressOf('hall')).not.toBe('http://evil');
});

test('the number of rooms is limited, and a name that is not a room’s is ignored', () => {
  const rooms = createRoomList(isSigned);
  rooms.receive('No Room', 'availability', 'online');
  for (let number = 0; number < 500; number += 1) rooms.receive(`r${number}`, 'availability', 'online');
  expect(rooms.list()).toHaveLength(100);
});
