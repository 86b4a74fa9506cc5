import type { Dropbox } from 'dropbox';
import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { troubleWithBasePath } from './base-path.js';
import { uploadBatch } from './batch.js';
import { createDropboxFetch } from './fetch.js';
import { createAuthorizedFetch, type DropboxLogin } from './token.js';
import { createHalt, troubleOf } from './errors.js';
import { openSpace } from './space.js';
import { prepareUpload, uploadPicture } from './upload.js';

type DropboxOptions = {
  readonly login: DropboxLogin;
  /** folder of the archive in Dropbox, with or without slashes around it */
  readonly basePath?: string | undefined;
  /** one origin instead of Dropbox's own */
  readonly apiUrl?: string | undefined;
  /** how long to wait for an answer; a large upload gets more */
  readonly timeoutSeconds?: number;
};

/** From this number on, sessions and one commit take less time than a lock on the account for each picture. */
const batchFrom = 4;
/** Pictures in one commit: a rate limit must not undo too much work. */
const batchSize = 100;

/**
 * An archive in Dropbox. Every picture is sent with its content hash and stored at exactly its path; nothing is ever
 * replaced or renamed, so a repetition after a lost answer changes nothing. Batches are committed one after the other,
 * because Dropbox refuses simultaneous writes to one account. Trouble that concerns every picture ends the round.
 */
export function createDropboxArchive(options: DropboxOptions): Archive {
  const { login, basePath = '', apiUrl, timeoutSeconds = 60 } = options;
  const base = basePath.replace(/^\/*(.*?)\/*$/s, '/$1').replace(/^\/$/, '');
  const fetch = createAuthorizedFetch(login, createDropboxFetch({ apiUrl, timeoutSeconds }));
  let space: Dropbox | undefined;

  async function store(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]> {
    const outcomes: DepositOutcome[] = [];
    const size = deposits.length < batchFrom ? 1 : batchSize;
    const halt = createHalt();
    try {
      space ??= await openSpace(fetch, base, signal);
    } catch (error) {
      return deposits.map(() => troubleOf(error));
    }
    const client = space;
    for (let start = 0; start < deposits.length; start += size) {
      const some = deposits.slice(start, start + size);
      const answers =
        halt.trouble === undefined ? await storeRound(client, some, signal) : some.map(() => halt.trouble!);
      answers.forEach(halt.note);
      outcomes.push(...answers);
    }
    // The account may have joined or left a team.
    if (halt.trouble?.code === 'path_root') space = undefined;
    return outcomes;
  }

  async function storeRound(
    client: Dropbox,
    deposits: readonly Deposit[],
    signal: AbortSignal,
  ): Promise<readonly DepositOutcome[]> {
    const pictures = deposits.map((deposit) => prepareUpload(base, deposit));
    const [first, second] = pictures;
    return first !== undefined && second === undefined
      ? [await uploadPicture(client, first, signal)]
      : uploadBatch(client, pictures, signal);
  }

  async function check(signal: AbortSignal): Promise<string | undefined> {
    try {
      const client = await openSpace(fetch, base, signal);
      return (
        (await troubleWithLogin(client, signal)) ??
        (base === '' ? undefined : await troubleWithBasePath(client, base, signal))
      );
    } catch (error) {
      return troubleOf(error).message;
    }
  }

  return { kind: 'dropbox', store, check };
}

/** `check/user` shows whether the token is valid; an upload session that is never committed, whether it may write. */
async function troubleWithLogin(client: Dropbox, signal: AbortSignal): Promise<string | undefined> {
  try {
    await client.checkUser({ query: 'roomwatch' }, { signal });
  } catch (error) {
    const trouble = troubleOf(error);
    // Uploads need no account_info.read.
    if (trouble.code !== 'missing_scope') return trouble.message;
  }
  try {
    await client.filesUploadSessionStart({ close: true, contents: new Uint8Array() }, { signal });
  } catch (error) {
    return troubleOf(error).message;
  }
  return undefined;
}
