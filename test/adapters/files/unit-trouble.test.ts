import { expect, test } from 'vitest';
import { unitTrouble } from '../../../src/adapters/files/unit-trouble.js';

const packaged = { ProtectSystem: 'strict', ReadWritePaths: '', StateDirectory: 'roomwatch' };
const opened = { ...packaged, ReadWritePaths: '-/mnt/disk /srv/pictures/' };

test.each([
  ['/var/lib/roomwatch/archive', packaged],
  ['/mnt/disk', opened],
  ['/srv/pictures/of/home', opened],
  ['/mnt/disk', { ...packaged, ProtectSystem: 'no' }],
  ['/mnt/disk', {}],
])('%s can be written with %o', (folder, unit) => {
  expect(unitTrouble(folder, 'roomwatch-uploader', () => unit)).toBeUndefined();
});

test.each([
  ['/mnt/pictures', packaged],
  ['/var/lib/roomwatching', packaged],
  ['/mnt/disks', opened],
])('%s cannot be written with %o', (folder, unit) => {
  expect(unitTrouble(folder, 'roomwatch-uploader', () => unit)).toBe(
    `${folder} cannot be written: systemd protects it: run \`sudo systemctl edit roomwatch-uploader\`, ` +
      `and add the lines [Service] and ReadWritePaths=${folder}`,
  );
});

test('without systemd there is nothing to say', () => {
  expect(unitTrouble('/mnt/pictures', 'roomwatch-no-such-unit')).toBeUndefined();
});
