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
    return `${path} cannot be written: ${writeAdvice({ path, place, code, unit, user, group, owner, outside })}`;
  }
}

/** Throws the system's error if this process cannot write into a folder. */
export function tryToWrite(folder: string): void {
  if (process.geteuid?.() === process.getuid?.()) return accessSync(folder, constants.W_OK | constants.X_OK);
  // access(2) answers for the user who started the process: for root, if it works as another user for a while.
  rmdirSync(mkdtempSync(join(folder, '.roomwatch-')));
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
  /** in a container: the path on the machine outside, if it is known */
  readonly outside?: { readonly folder: string | undefined } | undefined;
};

/** The cause and the remedy where a folder cannot be written. */
export function writeAdvice({ path, place, code, unit, user, group, owner, outside }: Refusal): string {
  if (code === 'EROFS' && unit === undefined) return 'its disk is mounted read-only';
  if (code === 'EROFS')
    return `systemd protects it: run \`sudo systemctl edit ${unit}\`, and add the lines [Service] and ReadWritePaths=${path}`;
  if (code !== 'EACCES' && code !== 'EPERM') return code;
  const target = outside?.folder ?? path;
  const own = `sudo chown ${user}:${group} ${target}`;
  const make = place === path ? own : `sudo mkdir -p ${target} && ${own}`;
  return `${place} belongs to user ${owner}, and this is user ${user}: ${make}${where(outside)}`;
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
  let found: { readonly at: string; readonly kind: string | undefined } | undefined;
  for (const line of mounts.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const at = (left.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const holds = at !== '' && (at === '/' || path === at || path.startsWith(`${at}/`));
    if (holds && at.length >= (found?.at.length ?? 0)) found = { at, kind: right.split(' ')[0] };
  }
  return found?.kind;
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
