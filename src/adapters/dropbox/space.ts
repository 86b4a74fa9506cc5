import { Dropbox, DropboxResponseError } from 'dropbox';
import { FetchError } from '../../async/bounded-fetch.js';
import type { Fetch } from './fetch.js';

/**
 * Chooses where `base` is looked for: in the user's own folder, or in the space of their team, if only that has its first
 * folder. Asks nothing without a base path. Throws the error of a request that may succeed later.
 */
export async function openSpace(fetch: Fetch, base: string, signal: AbortSignal): Promise<Dropbox> {
  const own = new Dropbox({ fetch });
  const [, first = ''] = base.split('/');
  if (first === '') return own;
  const root = await teamRoot(own, signal);
  if (root === undefined || (await isThere(own, `/${first}`, signal))) return own;
  const team = new Dropbox({ fetch, pathRoot: JSON.stringify({ '.tag': 'root', root }) });
  return (await isThere(team, `/${first}`, signal)) ? team : own;
}

/** The namespace of the team's space; undefined if the account has none, or if the app may not know. */
async function teamRoot(client: Dropbox, signal: AbortSignal): Promise<string | undefined> {
  const account = await answerOf(() => client.usersGetCurrentAccount({ signal }));
  const { root_info } = Object(account) as { root_info?: unknown };
  const { root_namespace_id: root, home_namespace_id: home } = Object(root_info) as Record<string, unknown>;
  return typeof root === 'string' && root !== home ? root : undefined;
}

async function isThere(client: Dropbox, path: string, signal: AbortSignal): Promise<boolean> {
  const metadata = await answerOf(() => client.filesGetMetadata({ path }, { signal }));
  return typeof metadata === 'object' && metadata !== null;
}

/** Undefined after a refusal: the app may lack the permission to ask, which it needs for nothing else. */
async function answerOf(ask: () => Promise<{ readonly result: unknown }>): Promise<unknown> {
  try {
    return (await ask()).result;
  } catch (error) {
    const mayPass =
      error instanceof FetchError ||
      (error instanceof DropboxResponseError && (error.status === 429 || error.status >= 500));
    if (mayPass || !(error instanceof DropboxResponseError)) throw error;
    return undefined;
  }
}
