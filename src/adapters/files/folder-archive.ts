import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { contentHash } from './content-hash.js';
import { syncFolders } from './sync-folders.js';
import { placeFile } from './place-file.js';
import { tryToWrite, writeTrouble } from './place-trouble.js';
import { hasCode, systemCode } from './system-error.js';

type FolderOptions = {
  /** made, with its parents, for the first picture */
  readonly folder: string;
  /** the writer's name, unique among the processes that share the folder; part of the name of its folder for drafts */
  readonly owner: string;
};
type Trouble = Exclude<DepositOutcome, { kind: 'stored' }>;

/** Number of files written at a time: enough for a disk, and few enough for Node's thread pool. */
const writers = 8;
/** `check` reports less free space than this. */
const scarceBytes = 50 * 1024 * 1024;

/**
 * An archive in a local folder. A picture is stored once its file and its folders are fsynced; its file appears complete,
 * with mode 0600, and never replaces another one. Drafts are in `.incoming-<owner>`; the first store deletes those that a
 * killed process left there.
 */
export function createFolderArchive({ folder, owner }: FolderOptions): Archive {
  const root = resolve(folder);
  const incoming = join(root, `.incoming-${owner.replace(/[^A-Za-z0-9_-]/g, '_')}`);
  let cleared = false;
  let drafts = 0;

  async function prepare(): Promise<void> {
    const made = await mkdir(root, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolders(root, dirname(made));
    if (!cleared) await rm(incoming, { recursive: true, force: true });
    cleared = true;
    await mkdir(incoming, { recursive: true, mode: 0o700 });
  }

  async function storeOne(deposit: Deposit): Promise<DepositOutcome> {
    for (const path of [deposit.path, deposit.otherPath]) {
      if (path === undefined) continue;
      const target = join(root, path);
      if (!target.startsWith(root + sep)) return refused('malformed_path', `${path} leads out of the archive folder`);
      if ((await placeFile(target, deposit.bytes, join(incoming, String(drafts++)))) !== 'other') {
        return { kind: 'stored', path, contentHash: contentHash(deposit.bytes) };
      }
    }
    return refused('conflict', `another file is at ${deposit.path} in ${root}`);
  }

  async function store(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]> {
    const outcomes: (DepositOutcome | undefined)[] = deposits.map(() => undefined);
    // A disk that is full or missing for one picture is so for the next: the rest of the round is not tried.
    let halt: Trouble | undefined;
    const entries = deposits.entries();
    const write = async () => {
      for (const [index, deposit] of entries) {
        if (signal.aborted) halt ??= later('unreachable', 'stopped', 'stopped on request');
        if (halt !== undefined) return;
        const outcome = await storeOne(deposit).catch((error: unknown) => troubleWith(root, error));
        outcomes[index] = outcome;
        if (outcome.kind === 'later' && outcome.onlyThis !== true) halt ??= outcome;
      }
    };
    try {
      await prepare();
      await Promise.all(Array.from({ length: writers }, write));
      const folders = outcomes.flatMap((outcome) => (outcome?.kind === 'stored' ? [dirname(outcome.path)] : []));
      for (const inner of new Set(folders)) await syncFolders(join(root, inner), root);
    } catch (error) {
      const trouble = troubleWith(root, error);
      return outcomes.map((outcome) => (outcome?.kind === 'refused' ? outcome : trouble));
    }
    return outcomes.map((outcome) => outcome ?? halt ?? later('unreachable', 'stopped', 'stopped on request'));
  }

  async function check(): Promise<string | undefined> {
    try {
      let existing = root;
      while (!(await isThere(existing))) existing = dirname(existing);
      if (!(await stat(existing)).isDirectory()) return `${existing} is not a folder: change archive.folder`;
      tryToWrite(existing);
      const { bavail, bsize } = await statfs(existing);
      return bavail * bsize < scarceBytes ? `the disk of ${existing} is nearly full: make room` : undefined;
    } catch (error) {
      return troubleWith(root, error).message;
    }
  }

  return { kind: 'folder', store, check };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
}

function refused(code: string, message: string): Trouble {
  return { kind: 'refused', code, message };
}

function later(why: 'unreachable' | 'no_space', code: string, message: string): Trouble {
  return { kind: 'later', why, code, message };
}

/** The outcome for a picture after an error of the file system; throws any other error, which is a bug. */
function troubleWith(root: string, error: unknown): Trouble {
  const code = systemCode(error);
  if (code === undefined) throw error;
  const { message } = error as Error;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return later('no_space', 'insufficient_space', `no space is left for ${root}: make room`);
    case 'ENOTDIR': {
      const what = `a file has the name of a folder that the archive needs: rename it (${message})`;
      return { kind: 'later', why: 'refused', code: 'blocked_folder', message: what, onlyThis: true };
    }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return later('unreachable', code, writeTroubleOf(root) ?? `${root} cannot be written: ${message}`);
    default:
      // Node's mkdir may say ENOENT of a folder that is read-only.
      return later('unreachable', code, writeTroubleOf(root) ?? `trouble with ${root}: ${message}`);
  }
}

/** Undefined, too, where the folder cannot even be looked at. */
function writeTroubleOf(root: string): string | undefined {
  try {
    return writeTrouble(root);
  } catch {
    return undefined;
  }
}
