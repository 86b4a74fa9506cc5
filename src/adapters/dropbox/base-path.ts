import type { Dropbox } from 'dropbox';
import { troubleOf } from './errors.js';

/** What says nothing about the base path: the app may not ask, or a server does not know the route. */
const unrelated: ReadonlySet<string> = new Set(['missing_scope', 'http_404', 'bad_answer']);

/**
 * What Dropbox has against `dropbox.base_path`; undefined if nothing, or if it cannot be found out. A folder that is missing is
 * made, as the first picture would make it: only that shows whether its name is accepted and whether the app may write there.
 */
export async function troubleWithBasePath(
  client: Dropbox,
  base: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await client.filesCreateFolderV2({ path: base, autorename: false }, { signal });
    return undefined;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.code === 'folder_exists') return undefined;
    if (!unrelated.has(trouble.code)) return `dropbox.base_path ${base}: ${trouble.message}`;
  }
  try {
    const { result } = await client.filesGetMetadata({ path: base }, { signal });
    const isFile = (Object(result) as { '.tag'?: unknown })['.tag'] === 'file';
    return isFile ? `dropbox.base_path ${base} is a file: rename it, or choose another folder` : undefined;
  } catch (error) {
    const { code, message } = troubleOf(error);
    return code === 'malformed_path' ? `dropbox.base_path ${base}: ${message}` : undefined;
  }
}
