import fc from '../../support/fast-check.js';
import { describe, expect, it } from 'vitest';
import { displayName, objectId, roomDeviceId, uploaderDeviceId } from '../../../src/domain/home-assistant/ids.js';

describe('the ids of devices', () => {
  it('are readable where the base topic is', () => {
    expect(roomDeviceId('roomwatch', 'living-room_2')).toBe('roomwatch_living-room_2');
    expect(uploaderDeviceId('roomwatch', 'uploader')).toBe('roomwatch-uploader_uploader');
  });

  it('never meet, whatever the base topics and names, and fit a discovery topic', () => {
    const base = fc.stringMatching(/^[a-z/_\-2Fé.]{1,8}$/);
    const room = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,5}$/);
    const device = fc.record({ kind: fc.constantFrom('room', 'uploader'), base, name: room });
    type Device = { kind: string; base: string; name: string };
    const id = ({ kind, base, name }: Device) =>
      kind === 'room' ? roomDeviceId(base, name) : uploaderDeviceId(base, name);
    fc.assert(
      fc.property(device, device, (one, other) => {
        expect(id(one)).toMatch(/^[a-zA-Z0-9_-]+$/);
        const same = one.kind === other.kind && one.base === other.base && one.name === other.name;
        expect(id(one) === id(other)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('names', () => {
  it.each([
    ['kitchen', 'Kitchen', 'kitchen'],
    ['living_room', 'Living room', 'living_room'],
    ['hall-2', 'Hall 2', 'hall_2'],
    ['a_', 'A', 'a'],
  ])('%s is shown as %s and has the object id %s', (name, shown, object) => {
    expect(displayName(name)).toBe(shown);
    expect(objectId(displayName(name))).toBe(object);
  });
});
