import { expect, test } from 'vitest';
import { redactor, withoutCredentials } from '../../src/runtime/redact.js';

test.each([
  ['rtsp://me:pa:ss@cam/1', 'rtsp://[secret]@cam/1'],
  ['rtsp://me:p@ss@cam/1', 'rtsp://[secret]@cam/1'],
  ['two: mqtt://a:b@h and http://c:d@h/', 'two: mqtt://[secret]@h and http://[secret]@h/'],
  ['http://h/a@b.jpg', 'http://h/a@b.jpg'],
  ['http://h/s/1.jpg?expires=9&signature=ab12', 'http://h/s/1.jpg?expires=9&signature=[secret]'],
  ['write to me@example.com', 'write to me@example.com'],
])('%s', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});

test('a known secret goes in every spelling, the longer of two first', () => {
  const redact = redactor(['quote"and\\back', 'swordfish', 'swordfish-2', 'room']);
  expect(redact(JSON.stringify({ a: 'quote"and\\back', b: 'swordfish-2', c: 'the room' }))).toBe(
    '{"a":"[secret]","b":"[secret]","c":"the room"}',
  );
});
