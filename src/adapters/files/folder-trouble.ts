import { accessSync, constants, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { DepositOutcome } from '../../domain/uploads/archive.js';
import { missingMount, ownerAdvice, writeTrouble } from './place-trouble.js';
import { systemCode } from './system-error.js';

/** Why a picture cannot be stored in a folder now; the message names the folder and says what to do. */
export type FolderTrouble = Extract<DepositOutcome, { kind: 'later' }>;

/** Asking a disk costs nothing: an archive that somebody has mended goes on soon. */
const retrySeconds = 45;

/** The trouble with the folder of an archive that can be seen without writing; undefined if there is none. */
export function folderTrouble(root: string, fstab = readText('/etc/fstab')): FolderTrouble | undefined {
  const mount = missingMount(root, fstab, readText('/proc/self/mountinfo'));
  if (mount === undefined) return placeTrouble(root, root);
  const advice = `run \`sudo mount ${mount}\`, or remove its line from /etc/fstab`;
  return blocked('not_mounted', `the disk of ${root} is not mounted at ${mount}: ${advice}`);
}

/** The outcome for a picture after an error of the file system; throws any other error, which is a bug. */
export function troubleWith(root: string, error: unknown): FolderTrouble {
  const code = systemCode(error);
  if (code === undefined) throw error;
  const { message } = error as Error;
  if (code === 'ENOSPC')
    return full(`no space is left for ${root}: make room, or set archive.keep_days or archive.max_gigabytes`);
  if (code === 'EDQUOT')
    return full(
      `the disk quota of user ${process.geteuid?.() ?? 0} for ${root} is used up: make room, or raise the quota`,
    );
  const inner = pathsOf(error).filter((path) => path.startsWith(root + sep));
  const known =
    folderTrouble(root) ??
    inner
      .map((path) => placeTrouble(root, dirname(path)) ?? fileTrouble(path))
      .find((trouble) => trouble !== undefined);
  if (known !== undefined) return known;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code))
    return blocked(
      'not_writable',
      `${root} cannot be written (${message}): give user ${process.geteuid?.() ?? 0} access to it`,
    );
  const advice = 'look for the cause with `sudo dmesg`, and mount the disk or share again';
  return blocked('disk_trouble', `${root} cannot be used (${message}): ${advice}`);
}

/** What is wrong with a folder of the archive; if it is not the archive's own, others may well be written. */
function placeTrouble(root: string, folder: string): FolderTrouble | undefined {
  const found = obstacle(folder) ?? unwritable(folder);
  return found === undefined || folder === root ? found : { ...found, onlyThis: true };
}

/** A file, or a link that leads nowhere, where a folder is needed. */
function obstacle(folder: string): FolderTrouble | undefined {
  const names = folder.split(sep);
  for (const index of names.keys()) {
    const path = names.slice(0, index + 1).join(sep) || sep;
    try {
      if (!statSync(path).isDirectory())
        return blocked(
          'blocked_folder',
          `${folder} cannot be made: ${path} is a file; rename it: mv ${path} ${path}.old`,
        );
    } catch {
      if (!isLink(path)) return undefined;
      const advice = 'mount the disk that it leads to, or make the folder';
      return blocked('not_mounted', `${folder} cannot be reached: the link ${path} leads nowhere; ${advice}`);
    }
  }
  return undefined;
}

function unwritable(folder: string): FolderTrouble | undefined {
  try {
    const message = writeTrouble(folder);
    return message === undefined ? undefined : blocked('not_writable', message);
  } catch {
    // The folder cannot even be looked at: the error itself says more.
    return undefined;
  }
}

/** A file that another user has stored for the same picture. */
function fileTrouble(path: string): FolderTrouble | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (systemCode(error) !== 'EACCES') return undefined;
    return { ...blocked('not_writable', `${path} cannot be read: ${ownerAdvice(path)}`), onlyThis: true };
  }
  return undefined;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The paths that an error of Node is about; of a link or a rename, the new one first. */
function pathsOf(error: unknown): readonly string[] {
  const { dest, path } = error as { readonly dest?: unknown; readonly path?: unknown };
  return [dest, path].flatMap((one) => (typeof one === 'string' ? [resolve(one)] : []));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function blocked(code: string, message: string): FolderTrouble {
  return { kind: 'later', why: 'blocked', code, message, retrySeconds };
}

function full(message: string): FolderTrouble {
  return { kind: 'later', why: 'no_space', code: 'insufficient_space', message, retrySeconds };
}
