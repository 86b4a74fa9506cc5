import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  dataDirTrouble,
  fileSystemAt,
  folderOutside,
  missingMount,
  writeAdvice,
} from '../../../src/adapters/files/place-trouble.js';

const mounts = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 8:1 / /media/stick rw shared:2 - vfat /dev/sda1 rw,fmask=0022
41 22 8:2 / /media/my\\040disk rw - fuseblk /dev/sdb1 rw
42 41 0:50 / /media/my\\040disk/nas rw shared:3 master:1 - cifs //nas/pictures rw
43 22 0:51 / /data rw - exfat /dev/sdc1 rw
44 43 0:52 / /data rw - ext4 /dev/sdd1 rw
`;

test.each([
  ['/var/lib/roomwatch', 'ext4'],
  ['/media/stick', 'vfat'],
  ['/media/stick/a/b', 'vfat'],
  ['/media/sticky', 'ext4'],
  ['/media/my disk/a', 'fuseblk'],
  ['/media/my disk/nas/a', 'cifs'],
  ['/data/a', 'ext4'],
])('%s is on %s', (path, kind) => {
  expect(fileSystemAt(path, mounts)).toBe(kind);
});

let dir = '';
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a folder of its own disk is fit, also one that is still to be made', () => {
  dir = mkdtempSync(join(tmpdir(), 'roomwatch-'));
  expect(dataDirTrouble(join(dir, 'a', 'b'))).toBeUndefined();
});

const refusal = {
  path: '/mnt/a',
  place: '/mnt/a',
  unit: undefined,
  user: 1000,
  group: 1001,
  owner: 0,
  mount: '/mnt',
  enterable: true,
};

test.each([
  [
    'a read-only disk',
    { ...refusal, code: 'EROFS' },
    'its disk is mounted read-only: `sudo dmesg` may say why; then run `sudo mount -o remount,rw /mnt`',
  ],
  [
    'a read-only folder of a container',
    { ...refusal, code: 'EROFS', outside: { folder: undefined } },
    'it is mounted read-only into the container: remove its `:ro`',
  ],
  [
    'its own, without the right to write',
    { ...refusal, code: 'EACCES', owner: 1000 },
    'its owner, user 1000, has no right to write: sudo chmod u+rwx /mnt/a',
  ],
  ['immutable', { ...refusal, code: 'EPERM' }, '/mnt/a may not be changed by anybody: sudo chattr -i /mnt/a'],
  [
    'below a folder that only its owner may enter',
    { ...refusal, code: 'EACCES', place: '/srv/pi', path: '/srv/pi/a', enterable: false },
    '/srv/pi belongs to user 0, and this is user 1000: sudo chmod a+x /srv/pi && sudo mkdir -p /srv/pi/a && sudo chown 1000:1001 /srv/pi/a',
  ],
  [
    'protected by systemd',
    { ...refusal, code: 'EROFS', unit: 'roomwatch-uploader' },
    'systemd protects it: run `sudo systemctl edit roomwatch-uploader`, and add the lines [Service] and ReadWritePaths=/mnt/a',
  ],
  [
    'of another user',
    { ...refusal, code: 'EACCES' },
    '/mnt/a belongs to user 0, and this is user 1000: sudo chown 1000:1001 /mnt/a',
  ],
  [
    'below a folder of another user',
    { ...refusal, code: 'EACCES', place: '/mnt' },
    '/mnt belongs to user 0, and this is user 1000: sudo mkdir -p /mnt/a && sudo chown 1000:1001 /mnt/a',
  ],
  [
    'in a container, a folder of the machine',
    { ...refusal, code: 'EACCES', outside: { folder: './pictures' } },
    '/mnt/a belongs to user 0, and this is user 1000: sudo chown 1000:1001 ./pictures (outside of the container, in the folder of compose.yaml)',
  ],
  [
    'in a container, any other folder',
    { ...refusal, code: 'EACCES', outside: { folder: undefined } },
    '/mnt/a belongs to user 0, and this is user 1000: sudo chown 1000:1001 /mnt/a (outside of the container, with the folder that is mounted there)',
  ],
])('%s: what to do', (_, refused, said) => {
  expect(writeAdvice(refused)).toBe(said);
});

test.each([
  ['/pictures/archive', './pictures'],
  ['/pictures/archive/kitchen', './pictures/kitchen'],
  ['/pictures/archives', undefined],
  ['/data', undefined],
])('%s is outside of the container %s', (path, outside) => {
  expect(folderOutside(path, '/pictures/archive=./pictures')).toBe(outside);
  expect(folderOutside(path, '/pictures/archive=')).toBeUndefined();
  expect(folderOutside(path)).toBeUndefined();
});

const fstab = `# /etc/fstab
UUID=1 / ext4 defaults 0 1
UUID=2 none swap sw 0 0
  # UUID=3 /mnt/old ext4 defaults 0 2
/dev/sda1 /media/stick vfat nofail 0 0
nas:/pictures /mnt/nas nfs nofail,_netdev 0 0
nas:/more /mnt/more\\040pictures nfs defaults 0 0
nas:/rarely /mnt/rarely nfs noauto,user 0 0
`;

test.each([
  ['/mnt/nas/roomwatch', '/mnt/nas'],
  ['/mnt/nas', '/mnt/nas'],
  ['/mnt/more pictures/a', '/mnt/more pictures'],
  ['/mnt/nasty', undefined],
  ['/mnt/old', undefined],
  ['/mnt/rarely/a', undefined],
  ['/media/stick/a', undefined],
  ['/var/lib/roomwatch/archive', undefined],
])('the disk for %s is missing at %s', (path, at) => {
  expect(missingMount(path, fstab, mounts)).toBe(at);
});
