import type { Account, Metadata, Tagged, Written } from './dropbox-account.js';
import { dropboxHash } from './dropbox-account.js';
import { type Route, routeArgs } from './dropbox-args.js';
import type { FaultKind } from './dropbox-faults.js';

/** `error` becomes a 409, `text` a 400. */
export type Outcome = { result: unknown } | { error: Tagged } | { text: string };

const writeFaults: Partial<Record<FaultKind, Tagged>> = {
  no_space: { '.tag': 'insufficient_space' },
  disallowed_name: { '.tag': 'disallowed_name' },
  malformed_path: { '.tag': 'malformed_path' },
  blocked_folder: { '.tag': 'conflict', conflict: { '.tag': 'file_ancestor' } },
  no_permission: { '.tag': 'no_write_permission' },
  new_tag: { '.tag': 'invented_yesterday' },
};
/** The namespace of the team's space, as Dropbox-API-Path-Root names it. */
export const teamSpaceId = '7';
const hashMismatch = { '.tag': 'content_hash_mismatch' };
const tooManyWrites = { '.tag': 'too_many_write_operations' };

/**
 * The routes of API v2 on one account. A commit holds the account's write lock for `lockMilliseconds`; another one in that
 * time fails with too_many_write_operations, as simultaneous writes to one namespace do.
 */
export function createRoutes(
  account: Account,
  { lockMilliseconds = 0, maxBodyBytes = 150 * 1024 * 1024, inTeam = false } = {},
) {
  let locked = false;

  async function underLock<T>(write: () => T): Promise<T | undefined> {
    if (locked) return undefined;
    locked = true;
    if (lockMilliseconds > 0) await new Promise((resolve) => setTimeout(resolve, lockMilliseconds));
    locked = false;
    return write();
  }

  return async function run(route: Route, text: string, body: Buffer, fault: FaultKind | undefined): Promise<Outcome> {
    const parsed = (name: Route) => `Error in call to API function "${name}": request body: could not decode input`;
    let json: unknown;
    try {
      json = text === '' ? null : JSON.parse(text);
    } catch {
      return { text: `${parsed(route)} as JSON` };
    }
    const arg = routeArgs[route].safeParse(json);
    if (!arg.success) return { text: `${parsed(route)}: ${arg.error.issues[0]?.message ?? ''}` };
    if (body.length > maxBodyBytes) return { error: { '.tag': 'payload_too_large' } };
    const given = arg.data !== null && 'content_hash' in arg.data ? arg.data.content_hash : undefined;
    if (fault === 'hash_mismatch' && 'files/upload_session/finish_batch_v2' !== route) return { error: hashMismatch };
    if (given !== undefined && given !== dropboxHash(body)) return { error: hashMismatch };
    const refused = fault === undefined ? undefined : writeFaults[fault];

    switch (route) {
      case 'files/upload': {
        const { content_hash: _, ...commit } = routeArgs[route].parse(json);
        if (fault === 'busy_409') return { error: uploadError(tooManyWrites) };
        if (refused !== undefined) return { error: uploadError(refused) };
        const written = await underLock(() => account.commit(commit, body));
        if (written === undefined) return { error: uploadError(tooManyWrites) };
        return 'error' in written
          ? { error: uploadError(written.error) }
          : { result: answered(written.metadata, fault) };
      }
      case 'files/upload_session/start': {
        const { close } = routeArgs[route].parse(json);
        return { result: { session_id: account.startSession(body, close) } };
      }
      case 'files/upload_session/append_v2': {
        const { cursor, close } = routeArgs[route].parse(json);
        const error = account.appendToSession(cursor, body, close);
        return error === undefined ? { result: null } : { error };
      }
      case 'files/upload_session/finish': {
        const { cursor, commit } = routeArgs[route].parse(json);
        if (fault === 'busy_409') return { error: tooManyWrites };
        if (refused !== undefined) return { error: { '.tag': 'path', path: refused } };
        const written = await underLock(() => account.finishSession(cursor, commit, body, false));
        if (written === undefined) return { error: tooManyWrites };
        return 'error' in written ? written : { result: answered(written.metadata, fault) };
      }
      case 'files/upload_session/finish_batch_v2': {
        const { entries } = routeArgs[route].parse(json);
        const finish = (entry: (typeof entries)[number]): Written => {
          if (fault === 'busy_409') return { error: tooManyWrites };
          if (fault === 'hash_mismatch') return { error: hashMismatch };
          if (refused !== undefined) return { error: { '.tag': 'path', path: refused } };
          return account.finishSession(entry.cursor, entry.commit, Buffer.alloc(0), true);
        };
        const all = await underLock(() => entries.map(finish));
        const results = all ?? entries.map((): Written => ({ error: tooManyWrites }));
        return {
          result: {
            entries: results.map((written) =>
              'error' in written
                ? { '.tag': 'failure', failure: written.error }
                : { '.tag': 'success', ...answered(written.metadata, fault) },
            ),
          },
        };
      }
      case 'files/create_folder_v2': {
        const { path } = routeArgs[route].parse(json);
        const error = refused ?? account.createFolder(path);
        if (error !== undefined) return { error: { '.tag': 'path', path: error } };
        return { result: { metadata: { '.tag': 'folder', path_display: path } } };
      }
      case 'users/get_current_account': {
        const own = { '.tag': 'user', root_namespace_id: '1', home_namespace_id: '1' };
        const ofTeam = { '.tag': 'team', root_namespace_id: teamSpaceId, home_namespace_id: '1', home_path: '/me' };
        return { result: { account_id: 'dbid:1', root_info: inTeam ? ofTeam : own } };
      }
      case 'files/get_metadata': {
        const { path } = routeArgs[route].parse(json);
        if (account.isFolder(path)) return { result: { '.tag': 'folder', path_display: path } };
        const found = account.find(path);
        if (found === undefined) return { error: { '.tag': 'path', path: { '.tag': 'not_found' } } };
        return { result: { '.tag': 'file', ...found } };
      }
      case 'check/user':
        return { result: { result: routeArgs[route].parse(json).query } };
      case 'users/get_space_usage': {
        const { used, quota } = account.usage();
        return { result: { used, allocation: { '.tag': 'individual', allocated: Math.min(quota, 2 ** 41) } } };
      }
    }
  };
}

function uploadError(reason: Tagged): Tagged {
  return { '.tag': 'path', reason, upload_session_id: 'pid_upload_session:none' };
}

function answered(metadata: Metadata, fault: FaultKind | undefined): Metadata {
  return fault === 'wrong_hash' ? { ...metadata, content_hash: '0'.repeat(64) } : metadata;
}
