import { expect, test } from 'vitest';
import { readAddress } from '../../src/runtime/address.js';
import { withoutCredentials } from '../../src/runtime/redact.js';

const asTyped = ['50%off', 'a#b', 'a/b', 'a?b', 'a b', "it's", 'q"q', 'a@b', 'a:b', 'a[b]', 'a{b', 'a\\b', 'a<b>'];
test.each([...asTyped, 'pässwort', '€uro', '%', '100%', '#', '@', '🔑', 'a+b&c=d', '$HOME', 'a|b^c`', "!*'();", ':'])(
  'a password works as typed: %s',
  (password) => {
    const address = readAddress(`rtsp://cam:${password}@127.0.0.1:9/s1`);
    expect(address).toHaveProperty('password', password);
    const { href } = address as { href: string };
    const url = new URL(href);
    expect([decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual(['cam', password]);
    expect([url.host, url.pathname]).toEqual(['127.0.0.1:9', '/s1']);
    expect(readAddress(href)).toEqual(address);
    expect(withoutCredentials(`lost ${href} again`)).toBe('lost rtsp://[secret]@127.0.0.1:9/s1 again');
  },
);

test.each([
  ['rtsp://cam:50%25off@h/s', '50%off'],
  ['rtsp://name%40mail.example:a%2Fb@h/s', 'a/b'],
  ['RTSP://cam:p@cam.example/s', 'p'],
  ['rtsp://cam:p@[fe80::1]:554/s', 'p'],
  ['rtsp://cam:@h/s', ''],
  ['rtsp://cam@h/s', undefined],
  ['rtsp://@h/s', undefined],
  [' rtsp://cam:p@h/s\n', 'p'],
  ['http://user:p@10.0.0.5/live@2x', 'p'],
  ['http://user:p@nas/img@2x.jpg', 'p'],
  ['http://nas:8080/img@2x.jpg', undefined],
  ['http://h/a@b', undefined],
  ['rtsp://cam:a/b@camera/c@d', undefined, 'two ways'],
  ['rtsp://cam:a/b@10.0.0.5/c@d', 'a/b'],
  ['udp://@239.0.0.1:5000', undefined],
  ['file:///clips/a@b:c.mp4', undefined],
])('%s', (text, password, problem?: string) => {
  if (problem === undefined) expect(readAddress(text)).toHaveProperty('password', password);
  else expect(readAddress(text)).toHaveProperty('problem', expect.stringContaining(problem));
});

test.each([
  ['rtsp://cam:hunter2%de@h/s', 'write % as %25'],
  ['rtsp://cam:hunter2%25%@h/s', 'write % as %25'],
  ['rtsp://cam:hunter2%00@h/s', 'control character'],
  ['rtsp://cam:hunter2\n@h/s', 'line break'],
  ['rtsp://cam:hunter2\ud800@h/s', 'Unicode'],
  ['rtsp://cam:12/hunter2@127.0.0.1/s', '/ is %2F'],
  ['rtsp://cam:12#hunter2@127.0.0.1/s', '# is %23'],
  ['rtsp://cam:p@hunter2/word@10.0.0.5/s', '@ is %40'],
  ['rtsp://cam:hunter2', 'must be an address'],
  ['rtsp://cam:hunter2@/s', 'must be an address'],
  ['rtsp://cam:hunter2@h:99999/s', 'must be an address'],
  ['rtsp://cam:hunter2@h/s rtsp://cam:hunter2@h/s', 'one address, not two'],
  ['rtsp://cam:{FRIGATE_RTSP_PASSWORD}@h/s', 'nothing fills in'],
  ['rtsp://cam:${hunter2}@h/s', 'nothing fills in'],
  ['rtsp://cam:{{ hunter2 }}@h/s', 'nothing fills in'],
  ['cam:hunter2@10.0.0.5/s', 'does not begin with rtsp://'],
  ['rtsp:/cam:hunter2@10.0.0.5/s', 'does not begin with rtsp://'],
  ['"rtsp://cam:hunter2@10.0.0.5/s"', 'without the quotes'],
  ['udp://:5000', 'udp://0.0.0.0:5000'],
])('%s is refused, and nothing of it is shown', (text, problem) => {
  const read = readAddress(text);
  expect(read).toHaveProperty('problem', expect.stringContaining(problem));
  expect(JSON.stringify(read)).not.toMatch(/hunter2|10\.0/);
});
