import { Dropbox } from 'dropbox';
import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { uploadBatch } from './batch.js';
import { createDropboxFetch } from './fetch.js';
import { createAuthorizedFetch, type DropboxLogin } from './token.js';
import { concernsAll, troubleOf } from './errors.js';
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
  const client = new Dropbox({ fetch });

  async function store(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]> {
    const outcomes: DepositOutcome[] = [];
    const size = deposits.length < batchFrom ? 1 : batchSize;
    let halt: DepositOutcome | undefined;
    for (let start = 0; start < deposits.length; start += size) {
      const some = deposits.slice(start, start + size);
      if (halt === undefined) outcomes.push(...(await storeRound(some, signal)));
      else outcomes.push(...Array<DepositOutcome>(some.length).fill(halt));
      halt ??= outcomes.find(concernsAll);
    }
    return outcomes;
  }

  async function storeRound(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]> {
    const pictures = deposits.map((deposit) => prepareUpload(base, deposit));
    const [first, second] = pictures;
    return first !== undefined && second === undefined
      ? [await uploadPicture(client, first, signal)]
      : uploadBatch(client, pictures, signal);
  }

  /** `check/user` shows whether the token is valid; an upload session that is never committed, whether it may write. */
  async function check(signal: AbortSignal): Promise<string | undefined> {
    try {
      await client.checkUser({ query: 'roomwatch' }, { signal });
    } catch (error) {
      const trouble = troubleOf(error);
      // Uploads need no account_info.read.
      if (trouble.kind === 'refused' || trouble.code !== 'missing_scope') return trouble.message;
    }
    try {
      await client.filesUploadSessionStart({ close: true, contents: new Uint8Array() }, { signal });
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.kind === 'later' && trouble.why === 'auth') return trouble.message;
    }
    return undefined;
  }

  return { kind: 'dropbox', store, check };
}
