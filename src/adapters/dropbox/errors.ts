import { DropboxResponseError } from 'dropbox';
import type { DepositOutcome } from '../../domain/uploads/archive.js';
import { UnreachableError } from './fetch.js';
import { wallSeconds } from '../../async/clock.js';

/** Why a picture is not stored. */
export type Trouble = Exclude<DepositOutcome, { kind: 'stored' }>;
type Later = Extract<DepositOutcome, { kind: 'later' }>;

/** A reason this program does not know: perhaps this picture's own. */
const unknownError = 'unknown_error';
const longestWaitSeconds = 3600;
const relogin = 'run "roomwatch login dropbox"';

/** Whether the next picture would meet the same trouble, so that asking again now is no use. */
export function concernsAll(outcome: DepositOutcome): outcome is Later {
  return outcome.kind === 'later' && outcome.code !== unknownError;
}

/** What an error of an SDK call means for the picture. An error that is none of Dropbox's is a bug, and thrown again. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof UnreachableError) return later('unreachable', error.code, error.message);
  if (!(error instanceof DropboxResponseError)) throw error;
  const body: unknown = error.error;
  const wait = readWait(error.headers instanceof Headers ? error.headers.get('retry-after') : null, body);
  switch (error.status) {
    case 400:
      return badRequest(body);
    case 401:
    case 403:
      return authTrouble(body);
    case 409:
      return troubleOfTags(tagsOf(member(body, 'error')), wait);
    case 413:
      return refused('payload_too_large', 'the picture is too large for Dropbox');
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

/** What the failure of one entry of a batch means; the tags of a single upload's 409 are read the same way. */
export function troubleOfEntry(failure: unknown): Trouble {
  return troubleOfTags(tagsOf(failure), undefined);
}

/** Dropbox answered 200 with something that is not an answer; it may have done what was asked. */
export function badAnswer(): Trouble {
  return later('unreachable', 'bad_answer', 'Dropbox gave an answer that makes no sense');
}

/** By `.tag` alone, since `error_summary` is not for programs. Unions are open: an unknown tag keeps the picture. */
function troubleOfTags(tags: readonly string[], wait: number | undefined): Trouble {
  // Of `path/conflict/file` the telling tag is the second; of `too_many_write_operations` the first.
  const tag = (tags[0] === 'path' ? tags[1] : tags[0]) ?? 'unknown';
  switch (tag) {
    case 'conflict':
      return refused('conflict', `another ${tags.at(-1) === 'folder' ? 'folder' : 'file'} is in the way in Dropbox`);
    case 'malformed_path':
    case 'disallowed_name':
      return refused(tag, 'Dropbox does not take this name');
    case 'payload_too_large':
    case 'too_large':
      return refused('payload_too_large', 'the picture is too large for Dropbox');
    case 'content_hash_mismatch':
      return refused('hash_mismatch', 'the picture arrives damaged at Dropbox');
    case 'too_many_write_operations':
    case 'too_many_requests':
      return busy(tag, wait);
    case 'insufficient_space':
    case 'team_folder_insufficient_space':
    case 'member_folder_insufficient_space':
      return later('no_space', tag, 'the Dropbox account is full: make room, or buy some');
    case 'upload_traffic_limit_reached':
      return later('no_space', tag, "the Dropbox account's monthly upload traffic is used up");
    case 'no_write_permission':
    case 'access_restricted':
    case 'team_folder':
    case 'operation_suppressed':
      return later(
        'auth',
        tag,
        'Dropbox does not let this account write there: check dropbox.base_path and its sharing',
      );
    default:
      return later('unreachable', unknownError, `Dropbox answered ${tags.join('/') || 'with an unknown error'}`);
  }
}

function authTrouble(body: unknown): Trouble {
  const error = member(body, 'error');
  const tag = tagsOf(error)[0] ?? 'access_denied';
  const scope = member(error, 'required_scope');
  const messages: Record<string, string> = {
    expired_access_token: `the Dropbox access token has expired: ${relogin} for one that lasts`,
    invalid_access_token: `Dropbox does not accept the access token: ${relogin}`,
    missing_scope: `the Dropbox app lacks the permission ${typeof scope === 'string' && /^[\w.]{1,64}$/.test(scope) ? scope : 'it needs'}: tick it in the app console, then ${relogin}`,
    user_suspended: 'the Dropbox account is suspended',
  };
  return later(
    'auth',
    tag,
    messages[tag] ?? `Dropbox does not let this app in (${tag}): check the app, then ${relogin}`,
  );
}

/** A 400 is text about this call; but a token that is no token, and OAuth's own refusals, come as 400 too. */
function badRequest(body: unknown): Trouble {
  const code = member(body, 'error');
  if (typeof code === 'string' && /^\w{1,64}$/.test(code)) {
    const message = code === 'invalid_grant' ? 'the Dropbox login was revoked or is wrong' : `Dropbox login: ${code}`;
    return later('auth', code, `${message}: ${relogin}`);
  }
  // It will stand in logs and on topics.
  const text = typeof body === 'string' ? body.slice(0, 300).replace(/\p{Cc}+/gu, ' ') : 'no reason given';
  return /access token|oauth|authorization|\bapp (key|is)\b/i.test(text)
    ? later('auth', 'invalid_access_token', `${text}: ${relogin}`)
    : refused('bad_request', text);
}

/** The tags of a union from the outside in: `path`, `conflict`, `file`; what cannot be a tag ends it. */
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

/** Seconds that Dropbox asked to wait: the header (a number or a date), else the body of a 429. */
function readWait(header: string | null, body: unknown): number | undefined {
  const inBody = member(member(body, 'error'), 'retry_after');
  const asked = header === null || header.trim() === '' ? inBody : Number(header);
  const seconds = Number.isNaN(asked) && header !== null ? Date.parse(header) / 1000 - wallSeconds() : asked;
  return typeof seconds === 'number' && Number.isFinite(seconds)
    ? Math.min(Math.max(seconds, 0), longestWaitSeconds)
    : undefined;
}

/** Never below a second: Dropbox is known to ask for 0 where it means "not now". */
function busy(code: string, wait: number | undefined): Trouble {
  return { ...later('busy', code, 'Dropbox asks for a pause'), waitSeconds: Math.max(1, wait ?? 1) };
}

function refused(code: string, message: string): Trouble {
  return { kind: 'refused', code, message };
}

function later(why: Later['why'], code: string, message: string): Later {
  return { kind: 'later', why, code, message };
}
