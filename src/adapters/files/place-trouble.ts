import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isInContainer } from './in-container.js';
import { systemCode } from './system-error.js';

/** File systems of Windows, of sticks and of shares: without links, sockets or a rename that survives a power cut. */
const unfit = /^(?:vfat|msdos|exfat|ntfs3?|fuseblk|cifs|smb3|smbfs)$/;
const names: Readonly<Record<string, string>> = {
  vfat: 'FAT (vfat)',
  msdos: 'FAT (msdos)',
  fuseblk: 'NTFS or exFAT (fuseblk)',
  cifs: 'a network share (cifs)',
  smb3: 'a network share (smb3)',
};

/** Why a data directory cannot be at this path, and what to do; undefined if it can. It does not have to exist yet. */
export function dataDirTrouble(dataDir: string): string | undefined {
  const place = nearestExisting(dataDir);
  const kind = fileSystemAt(place, readFileSync('/proc/self/mountinfo', 'utf8'));
  if (kind !== undefined && unfit.test(kind)) {
    return (
      `data_dir (${resolve(dataDir)}) is on ${names[kind] ?? kind}, which does not keep what the program needs (sockets, links, ` +
      `safe renames): choose a folder on the machine's own disk; archive.folder may be here`
    );
  }
  const trouble = writeTrouble(dataDir);
  return trouble && `data_dir ${trouble}`;
}

/** Why this process cannot write into a folder, which does not have to exist yet, and what to do; undefined if it can. */
export function writeTrouble(folder: string): string | undefined {
  const path = resolve(folder);
  const place = nearestExisting(path);
  try {
    tryToWrite(place);
    return undefined;
  } catch (error) {
    const code = systemCode(error) ?? '';
    // systemd sets it for every service.
    const unit = process.env['INVOCATION_ID'] === undefined ? undefined : unitName();
    const [user, group] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
    const owner = statSync(place).uid;
    const outside = isInContainer() ? { folder: folderOutside(path, process.env['HOST_FOLDERS']) } : undefined;
    const mount = mountOf(place, readFileSync('/proc/self/mountinfo', 'utf8'))?.at ?? '/';
    const enterable = isEnterable(place);
    const refusal = { path, place, code, unit, user, group, owner, outside, mount, enterable };
    return `${path} cannot be written: ${writeAdvice(refusal)}`;
  }
}

/** Throws the system's error if this process cannot write into a folder. */
export function tryToWrite(folder: string): void {
  if (process.geteuid?.() === process.getuid?.()) return accessSync(folder, constants.W_OK | constants.X_OK);
  // access(2) answers for the user who started the process: for root, if it works as another user for a while.
  rmdirSync(mkdtempSync(join(folder, '.roomwatch-')));
}

/** Whose a file is that this process may not use, and the command that makes it its own. */
export function ownerAdvice(path: string): string {
  const [user, group] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  return `it belongs to user ${statSync(path).uid}, and this is user ${user}: sudo chown ${user}:${group} ${path}`;
}

type Refusal = {
  readonly path: string;
  /** the nearest folder that exists: the path itself, or one above it */
  readonly place: string;
  /** of the system: `EROFS`, `EACCES` */
  readonly code: string;
  /** of systemd, if it started this process */
  readonly unit: string | undefined;
  readonly user: number;
  readonly group: number;
  readonly owner: number;
  /** where the disk of `place` is mounted */
  readonly mount?: string;
  /** whether this process may look for what is in `place` */
  readonly enterable?: boolean;
  /** in a container: the path on the machine outside, if it is known */
  readonly outside?: { readonly folder: string | undefined } | undefined;
};

/** The cause and the remedy where a folder cannot be written. */
export function writeAdvice(refusal: Refusal): string {
  const { path, place, code, unit, user, group, owner, mount = '/', enterable = true, outside } = refusal;
  if (code === 'EROFS' && unit !== undefined)
    return `systemd protects it: run \`sudo systemctl edit ${unit}\`, and add the lines [Service] and ReadWritePaths=${path}`;
  if (code === 'EROFS' && outside !== undefined) return 'it is mounted read-only into the container: remove its `:ro`';
  if (code === 'EROFS')
    return `its disk is mounted read-only: \`sudo dmesg\` may say why; then run \`sudo mount -o remount,rw ${mount}\``;
  if (code === 'EPERM') return `${place} may not be changed by anybody: sudo chattr -i ${place}`;
  if (code !== 'EACCES') return code;
  if (owner === user && enterable) return `its owner, user ${user}, has no right to write: sudo chmod u+rwx ${place}`;
  const target = outside?.folder ?? path;
  const enter = place === path || enterable ? '' : `sudo chmod a+x ${place} && `;
  const make = place === path ? '' : `sudo mkdir -p ${target} && `;
  return `${place} belongs to user ${owner}, and this is user ${user}: ${enter}${make}sudo chown ${user}:${group} ${target}${where(outside)}`;
}

function isEnterable(folder: string): boolean {
  try {
    statSync(`${folder}/.`);
    return true;
  } catch {
    return false;
  }
}

function where(outside: Refusal['outside']): string {
  if (outside === undefined) return '';
  return outside.folder === undefined
    ? ' (outside of the container, with the folder that is mounted there)'
    : ' (outside of the container, in the folder of compose.yaml)';
}

/**
 * The path on the machine outside of a path in this container.
 * @param mounted what docker/compose.yaml says about a mounted folder: its path in the container, `=`, and the one outside
 */
export function folderOutside(path: string, mounted = ''): string | undefined {
  const [inside = '', outside = ''] = mounted.split('=');
  if (outside === '' || !(path === inside || path.startsWith(`${inside}/`))) return undefined;
  return outside + path.slice(inside.length);
}

/**
 * The type of the file system that holds a path.
 * @param mounts as in /proc/self/mountinfo (proc_pid_mountinfo(5)); later mounts cover earlier ones
 */
export function fileSystemAt(path: string, mounts: string): string | undefined {
  return mountOf(path, mounts)?.kind;
}

/**
 * Where a disk or share that belongs at a path, or above it, is to be mounted and is not; undefined if there is none. Not those
 * that are mounted on request only (`noauto`).
 * @param fstab as in /etc/fstab (fstab(5)); @param mounts as for `fileSystemAt`
 */
export function missingMount(path: string, fstab: string, mounts: string): string | undefined {
  const mounted = new Set(mounts.split('\n').map((line) => unescaped(line.split(' ')[4] ?? '')));
  for (const line of fstab.split('\n')) {
    const [device = '#', point = '', , options = ''] = line.trim().split(/\s+/);
    const at = unescaped(point);
    if (device.startsWith('#') || !at.startsWith('/') || at === '/' || options.split(',').includes('noauto')) continue;
    if (isWithin(path, at) && !mounted.has(at) && !mounted.has(nearestExisting(at))) return at;
  }
  return undefined;
}

function mountOf(path: string, mounts: string) {
  let found: { readonly at: string; readonly kind: string | undefined } | undefined;
  for (const line of mounts.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const at = unescaped(left.split(' ')[4] ?? '');
    if (at !== '' && isWithin(path, at) && at.length >= (found?.at.length ?? 0))
      found = { at, kind: right.split(' ')[0] };
  }
  return found;
}

const isWithin = (path: string, folder: string) => folder === '/' || path === folder || path.startsWith(`${folder}/`);

/** The files of mounts write a space as \040. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** The path itself or the nearest folder above it that exists, without symbolic links. */
export function nearestExisting(path: string): string {
  let place = resolve(path);
  while (!existsSync(place) && place !== dirname(place)) place = dirname(place);
  return realpathSync(place);
}

function unitName(): string {
  const groups = existsSync('/proc/self/cgroup') ? readFileSync('/proc/self/cgroup', 'utf8') : '';
  return /([\w@\\.:-]+)\.service/.exec(groups)?.[1] ?? 'roomwatch-uploader';
}
