import { Dropbox } from 'dropbox';
import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { uploadBatch } from './batch.js';
import { createDropboxFetch } from './fetch.js';
import { createAuthorizedFetch, type DropboxLogin } from './token.js';
import { concernsAll, troubleOf } from './errors.js';
import { pack, uploadParcel } from './upload.js';

type DropboxOptions = {
  readonly login: DropboxLogin;
  /** folder in Dropbox that holds the archive, with or without a slash at its ends */
  readonly basePath?: string | undefined;
  /** one origin instead of Dropbox's own */
  readonly apiUrl?: string | undefined;
  /** for an answer; a large upload gets more */
  readonly timeoutSeconds?: number;
};

/** From so many pictures on, sessions and one commit cost less than a lock on the account for each. */
const batchFrom = 4;
/** A commit for so many: what Dropbox's rate limit interrupts must not have to begin again at nothing. */
const batchSize = 100;

/**
 * An archive in Dropbox. Every picture is sent with its content hash and stored under exactly its path; nothing is ever
 * replaced or renamed, so that a repeat after a lost answer finds its work done. Pictures are committed one batch after the
 * other, since simultaneous writes into one account refuse each other. Trouble that concerns everybody ends the round.
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
    const parcels = deposits.map((deposit) => pack(base, deposit));
    const [first, second] = parcels;
    return first !== undefined && second === undefined
      ? [await uploadParcel(client, first, signal)]
      : uploadBatch(client, parcels, signal);
  }

  /** `check/user` tells whether the token is good, an upload session that is never committed whether it may write. */
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
