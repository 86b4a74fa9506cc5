import { mkdir, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { contentHash } from './content-hash.js';
import { folderTrouble, troubleWith } from './folder-trouble.js';
import { syncFolders } from './sync-folders.js';
import { placeFile } from './place-file.js';
import { nearestExisting } from './place-trouble.js';

type FolderOptions = {
  /** made, with its parents, for the first picture */
  readonly folder: string;
  /** the writer's name, unique among the processes that share the folder; part of the name of its folder for drafts */
  readonly owner: string;
  /** the disks and shares that are to be mounted, as in fstab(5), if not those of this machine */
  readonly fstab?: string;
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
export function createFolderArchive({ folder, owner, fstab }: FolderOptions): Archive {
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
    const trouble = folderTrouble(root, fstab);
    if (trouble !== undefined) return deposits.map(() => trouble);
    const outcomes: (DepositOutcome | undefined)[] = deposits.map(() => undefined);
    // A disk that is full or missing for one picture is so for the next: the rest of the round is not tried.
    let halt: Trouble | undefined;
    const entries = deposits.entries();
    const write = async () => {
      for (const [index, deposit] of entries) {
        if (signal.aborted) halt ??= stopped();
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
      // Every picture needs it.
      const trouble = { ...troubleWith(root, error), onlyThis: false };
      return outcomes.map((outcome) => (outcome?.kind === 'refused' ? outcome : trouble));
    }
    return outcomes.map((outcome) => outcome ?? halt ?? stopped());
  }

  async function check(): Promise<string | undefined> {
    const trouble = folderTrouble(root, fstab);
    if (trouble !== undefined) return trouble.message;
    try {
      const existing = nearestExisting(root);
      const { bavail, bsize } = await statfs(existing);
      return bavail * bsize < scarceBytes ? `the disk of ${existing} is nearly full: make room` : undefined;
    } catch (error) {
      return troubleWith(root, error).message;
    }
  }

  return { kind: 'folder', store, check };
}

function refused(code: string, message: string): Trouble {
  return { kind: 'refused', code, message };
}

function stopped(): Trouble {
  return { kind: 'later', why: 'unreachable', code: 'stopped', message: 'stopped on request' };
}
