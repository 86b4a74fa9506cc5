import { DropboxResponseError } from 'dropbox';
import type { DepositOutcome } from '../../domain/uploads/archive.js';
import { FetchError } from '../../async/bounded-fetch.js';
import { wallSeconds } from '../../async/clock.js';

/** Why a picture was not stored. */
export type Trouble = Exclude<DepositOutcome, { kind: 'stored' }>;
type Later = Extract<DepositOutcome, { kind: 'later' }>;

/** Whatever Dropbox, or a proxy before it, says against a call as a whole. */
export const badRequestCode = 'bad_request';
const longestWaitSeconds = 3600;
const relogin = 'run "roomwatch login dropbox"';

/** Whether the next picture would have the same trouble, so that trying it now is of no use. */
export function concernsAll(outcome: DepositOutcome): outcome is Later {
  return outcome.kind === 'later' && outcome.onlyThis !== true;
}

/**
 * Follows the answers of a round: after trouble that concerns all, or two refusals in a row for the same reason, the rest is not
 * worth its upload. `trouble` is then what the rest gets.
 */
export function createHalt() {
  let refusedBefore: string | undefined;
  let trouble: Later | undefined;
  return {
    note(outcome: DepositOutcome): void {
      if (trouble !== undefined) return;
      if (concernsAll(outcome)) trouble = outcome;
      else if (outcome.kind === 'stored') refusedBefore = undefined;
      else if (outcome.code !== refusedBefore) refusedBefore = outcome.code;
      else trouble = later('refused', outcome.code, outcome.message);
    },
    get trouble() {
      return trouble;
    },
  };
}

/** Tells what an error of an SDK call means for the picture. Any error that is not Dropbox's is a bug, and is thrown again. */
export function troubleOf(error: unknown): Trouble {
  // The fetch standard makes a network error of status 407.
  if (error instanceof FetchError && /proxy authentication/.test(error.message)) return proxyTrouble(407);
  if (error instanceof FetchError)
    return later('unreachable', error.code, `Dropbox cannot be reached: ${error.message}`);
  if (!(error instanceof DropboxResponseError)) throw error;
  const body: unknown = error.error;
  const wait = readWait(error.headers instanceof Headers ? error.headers.get('retry-after') : null, body);
  switch (error.status) {
    case 400:
      return badRequest(body);
    case 401:
      return authTrouble(body);
    case 403:
      return typeof body === 'object' ? authTrouble(body) : proxyTrouble(403);
    case 409:
      return troubleOfTags(tagsOf(member(body, 'error')), wait);
    case 413:
      return onlyThis(
        'refused',
        'payload_too_large',
        'a proxy before Dropbox refuses pictures of this size: raise its limit',
      );
    case 422:
      return later(
        'refused',
        'path_root',
        'Dropbox refuses the space of the team: check the membership of the account',
      );
    case 429: {
      const reason = tagsOf(member(member(body, 'error'), 'reason'))[0];
      return busy(reason ?? 'too_many_requests', wait);
    }
    default:
      return {
        ...later('unreachable', `http_${error.status}`, `Dropbox answered with status ${error.status}`),
        ...(wait === undefined ? {} : { waitSeconds: wait }),
      };
  }
}

/** Tells what the failure of one entry of a batch means; a 409 for a single upload has the same tags. */
export function troubleOfEntry(failure: unknown): Trouble {
  return troubleOfTags(tagsOf(failure), undefined);
}

/** The outcome of an answer with status 200 that cannot be understood; Dropbox may have done what was asked. */
export function badAnswer(): Trouble {
  return later('unreachable', 'bad_answer', 'the answer is not one of Dropbox: is a proxy or a login page in between?');
}

/** Reads `.tag` only: `error_summary` is not meant for programs. After an unknown tag the picture is kept. */
function troubleOfTags(tags: readonly string[], wait: number | undefined): Trouble {
  // The second tag matters in `path/conflict/file`, the first in `too_many_write_operations`.
  const tag = (tags[0] === 'path' ? tags[1] : tags[0]) ?? 'unknown';
  switch (tag) {
    case 'conflict':
      return conflict(tags.at(-1));
    case 'malformed_path':
    case 'disallowed_name':
      return refused(tag, 'Dropbox does not allow this name: check dropbox.base_path and archive.path');
    case 'path_root':
    case 'invalid_root':
      return later(
        'refused',
        'path_root',
        'Dropbox refuses the space of the team: check the membership of the account',
      );
    case 'payload_too_large':
    case 'too_large':
      return refused('payload_too_large', 'the picture is too large for Dropbox');
    case 'content_hash_mismatch':
      return refused('hash_mismatch', 'the picture arrived damaged at Dropbox; a proxy may change it on its way');
    case 'too_many_write_operations':
    case 'too_many_requests':
      return busy(tag, wait);
    case 'insufficient_space':
    case 'team_folder_insufficient_space':
    case 'member_folder_insufficient_space':
      return later('no_space', tag, 'the Dropbox account is full: delete something, or buy more space');
    case 'upload_traffic_limit_reached':
      return later('no_space', tag, "the Dropbox account's monthly upload traffic is used up");
    case 'no_write_permission':
    case 'access_restricted':
    case 'team_folder':
    case 'operation_suppressed':
      return later(
        'auth',
        tag,
        'Dropbox does not allow this account to write there: check dropbox.base_path and its sharing',
      );
    default:
      return onlyThis('unreachable', 'unknown_error', `Dropbox answered ${tags.join('/') || 'with an unknown error'}`);
  }
}

/** A file above the picture's path concerns more than this picture: the base path, or the folder of a room or a day. */
function conflict(kind: string | undefined): Trouble {
  if (kind === 'file_ancestor') {
    const message = 'a file has the name of a folder that the archive needs: rename it, or change dropbox.base_path';
    return onlyThis('refused', 'blocked_folder', message);
  }
  return kind === 'folder'
    ? refused('folder_exists', 'Dropbox already has a folder at this path')
    : refused('conflict', 'Dropbox already has another file at this path: rename it');
}

function proxyTrouble(status: number): Later {
  const message = `a proxy before Dropbox answers with status ${status}: let it pass requests to Dropbox`;
  return later('refused', 'proxy', message);
}

function authTrouble(body: unknown): Trouble {
  const error = member(body, 'error');
  const tag = tagsOf(error)[0] ?? 'access_denied';
  const scope = member(error, 'required_scope');
  const messages: Record<string, string> = {
    expired_access_token: `the Dropbox access token has expired: ${relogin} for a lasting one`,
    invalid_access_token: `Dropbox does not accept the access token: ${relogin}`,
    missing_scope: `the Dropbox app lacks the permission ${typeof scope === 'string' && /^[\w.]{1,64}$/.test(scope) ? scope : 'it needs'}: select it in the app console, then ${relogin}`,
    user_suspended: 'the Dropbox account is suspended',
  };
  return later('auth', tag, messages[tag] ?? `Dropbox denies this app access (${tag}): check the app, then ${relogin}`);
}

/** A 400 is usually text about this call; a malformed token and the refusals of OAuth also have status 400. */
function badRequest(body: unknown): Trouble {
  const code = member(body, 'error');
  if (typeof code === 'string' && /^\w{1,64}$/.test(code)) {
    const message = code === 'invalid_grant' ? 'the Dropbox login was revoked or is wrong' : `Dropbox login: ${code}`;
    return later('auth', code, `${message}: ${relogin}`);
  }
  // It appears in logs and on topics.
  if (typeof body === 'string' && /^\s*</.test(body)) return { ...proxyTrouble(400), onlyThis: true };
  const text = typeof body === 'string' ? body.slice(0, 300).replace(/\p{Cc}+/gu, ' ') : 'no reason given';
  return /access token|oauth|authorization|\bapp (key|is)\b/i.test(text)
    ? later('auth', 'invalid_access_token', `${text}: ${relogin}`)
    : onlyThis('refused', badRequestCode, `Dropbox, or a proxy before it, refuses a request: ${text}`);
}

/** Lists the tags of a union from the outside in: `path`, `conflict`, `file`, up to the first value that is not a tag. */
function tagsOf(value: unknown): readonly string[] {
  const tags: string[] = [];
  for (let at = value; tags.length < 5;) {
    const tag = member(at, '.tag');
    if (typeof tag !== 'string' || !/^\w{1,64}$/.test(tag)) break;
    tags.push(tag);
    at = member(at, tag) ?? member(at, 'reason');
  }
  return tags;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** Reads how many seconds Dropbox asks to wait: in the header (a number or a date), else in the body of a 429. */
function readWait(header: string | null, body: unknown): number | undefined {
  const inBody = member(member(body, 'error'), 'retry_after');
  const wait = header === null || header.trim() === '' ? inBody : Number(header);
  const seconds = Number.isNaN(wait) && header !== null ? Date.parse(header) / 1000 - wallSeconds() : wait;
  return typeof seconds === 'number' && Number.isFinite(seconds)
    ? Math.min(Math.max(seconds, 0), longestWaitSeconds)
    : undefined;
}

/** At least a second: Dropbox is known to ask for 0 seconds when it means "not now". */
function busy(code: string, wait: number | undefined): Trouble {
  return { ...later('busy', code, 'Dropbox asks for a pause'), waitSeconds: Math.max(1, wait ?? 1) };
}

function refused(code: string, message: string): Trouble {
  return { kind: 'refused', code, message };
}

/** Trouble that may not concern the next picture. */
function onlyThis(why: Later['why'], code: string, message: string): Later {
  return { ...later(why, code, message), onlyThis: true };
}

function later(why: Later['why'], code: string, message: string): Later {
  return { kind: 'later', why, code, message };
}
