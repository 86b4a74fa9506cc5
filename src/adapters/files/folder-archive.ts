import { access, constants, mkdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { contentHash } from './content-hash.js';
import { hasCode, placeFile, syncFolders } from './place-file.js';

type FolderOptions = {
  /** made, with its parents, when the first picture needs it */
  readonly folder: string;
  /** the writer's name, unique among the processes that share the folder: names the corner for half-written files */
  readonly owner: string;
};
type Trouble = Exclude<DepositOutcome, { kind: 'stored' }>;

/** So many files are written at a time: what a disk gains from, without filling the thread pool's queue. */
const writers = 8;
/** With fewer free bytes `check` complains. */
const scarceBytes = 50 * 1024 * 1024;

/**
 * An archive in a local folder. A picture counts as stored once its file and its folders are fsynced; it appears complete,
 * with mode 0600, and never replaces another file. Half-written files live in `.incoming-<owner>`, which the first store
 * clears of what a killed process left there.
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
    return refused('conflict', `something else stands at ${deposit.path} in ${root}`);
  }

  async function store(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]> {
    const outcomes: (DepositOutcome | undefined)[] = deposits.map(() => undefined);
    // A disk that is full or away for one picture is so for the next: nothing more is tried in this round.
    let halt: Trouble | undefined;
    const entries = deposits.entries();
    const write = async () => {
      for (const [index, deposit] of entries) {
        if (signal.aborted) halt ??= later('unreachable', 'stopped', 'stopped on request');
        if (halt !== undefined) return;
        const outcome = await storeOne(deposit).catch((error: unknown) => troubleWith(root, error));
        outcomes[index] = outcome;
        if (outcome.kind === 'later') halt ??= outcome;
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
      await access(existing, constants.W_OK | constants.X_OK);
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

/** What an error of the file system means for the picture; any other error is a bug and goes on. */
function troubleWith(root: string, error: unknown): Trouble {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return later('no_space', 'insufficient_space', `no space is left for ${root}: make room`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return later('unreachable', error.code, `${root} cannot be written: ${error.message}`);
    default:
      return later('unreachable', error.code, `trouble with ${root}: ${error.message}`);
  }
}
