import { expect, test } from 'vitest';
import { parametersToHide, redactor, withoutCredentials } from '../../src/runtime/redact.js';

test.each([
  ['rtsp://me:pa:ss@cam/1', 'rtsp://[secret]@cam/1'],
  ['rtsp://me:p@ss@cam/1', 'rtsp://[secret]@cam/1'],
  ["rtsp://me:it's@cam/1", 'rtsp://[secret]@cam/1'],
  ['two: mqtt://a:b@h and http://c:d@h/', 'two: mqtt://[secret]@h and http://[secret]@h/'],
  ['rtsp://me:pa/ss@cam/1', 'rtsp://[secret]@cam/1'],
  ['http://h/a@b.jpg', 'http://h/a@b.jpg'],
  ['http://h:8080/a@b.jpg', 'http://h:8080/a@b.jpg'],
  ['http://h/s/1.jpg?expires=9&signature=ab12', 'http://h/s/1.jpg?expires=9&signature=[secret]'],
  ['write to me@example.com', 'write to me@example.com'],
])('%s', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});

test.each([
  ['http://h/v.cgi?user=a&pwd=pw', 'http://h/v.cgi?user=[secret]&pwd=[secret]'],
  ['http://h/flv?port=1935&user=admin&password=pw', 'http://h/flv?port=1935&user=[secret]&password=[secret]'],
  [
    'rtsp://h/user=admin_password=pw_channel=1_stream=0.sdp',
    'rtsp://h/user=[secret]_password=[secret]_channel=1_stream=0.sdp',
  ],
  ['rtsp://h/user=admin_password=p_w_channel=1', 'rtsp://h/user=[secret]_password=[secret]_channel=1'],
  ['rtsp://h/user=admin_password=&p?w_channel=1', 'rtsp://h/user=[secret]_password=[secret]_channel=1'],
  ['rtsp://h/user=admin_password=pw?channel=1', 'rtsp://h/user=[secret]_password=[secret]?channel=1'],
  ['rtsp://h/user=admin&password=pw&channel=1', 'rtsp://h/user=[secret]&password=[secret]&channel=1'],
  ['rtsp://h/ch0_user=a_pass=b=c', 'rtsp://h/ch0_user=[secret]_pass=[secret]'],
  ['http://h/cgi?token=pw', 'http://h/cgi?token=[secret]'],
  ['http://h/cgi?access_token=pw&x=1', 'http://h/cgi?access_token=[secret]&x=1'],
  ['http://h/cgi?loginuse=a&loginpas=pw', 'http://h/cgi?loginuse=[secret]&loginpas=[secret]'],
  ['http://h/cgi?usr=a&pass=a=b', 'http://h/cgi?usr=[secret]&pass=[secret]'],
  ['http://h/cgi?Auth=pw;api_key=pw', 'http://h/cgi?Auth=[secret]'],
  ['http://h/cgi?api_key=pw&apikey=pw&secret=pw', 'http://h/cgi?api_key=[secret]&apikey=[secret]&secret=[secret]'],
  ['http://h/token=pw/live', 'http://h/token=[secret]'],
  ['http://h/token/pw/live', 'http://h/token/[secret]/live'],
  ['http://h/api?src=rtsp://a:pw@cam/1', 'http://h/api?src=rtsp://[secret]@cam/1'],
  ['http://h/api?src=rtsp%3A%2F%2Fa%3Apw%40cam', 'http://h/api?src=rtsp%3A%2F%2F[secret]%40cam'],
  ['(http://h/?pwd=[secret])', '(http://h/?pwd=[secret])'],
  ['srt://h:9?mode=caller&passphrase=pw', 'srt://h:9?mode=caller&passphrase=[secret]'],
  ['{"why":"http://h/?pwd=p\\"w","next":1}', '{"why":"http://h/?pwd=[secret]","next":1}'],
])('a login among the parameters goes: %s', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});

test.each([
  ['http://h/v.cgi?user=a&pwd=hunter%2F2', ['hunter%2F2', 'hunter/2']],
  ['rtsp://h/user=admin_password=hunter2_channel=1', ['hunter2']],
  ['http://h/token=hunter2/live', ['hunter2/live', 'hunter2']],
  ['http://h/api?src=rtsp://a:hunter2@cam/1', ['hunter2']],
  ['http://h/live?channel=1', []],
])('the secrets among the parameters of %s', (text, secrets) => {
  expect(parametersToHide(text).sort()).toEqual([...secrets].sort());
});

test('a known secret goes in every spelling, the longer of two first', () => {
  const redact = redactor(['quote"and\\back', 'swordfish', 'swordfish-2', 'room']);
  expect(redact(JSON.stringify({ a: 'quote"and\\back', b: 'swordfish-2', c: 'the room' }))).toBe(
    '{"a":"[secret]","b":"[secret]","c":"the room"}',
  );
});

test('a secret that no encoding can express breaks nothing', () => {
  expect(redactor(['swordfish\ud800'])('swordfish')).toBe('swordfish');
});
