import type { Archive } from '../domain/uploads/archive.js';
import type { Config } from '../runtime/config/config.js';

/** Opens the archive of `archive.kind`; loads Dropbox's library only for Dropbox. */
export async function openArchive(config: Pick<Config, 'archive' | 'dropbox' | 'uploader'>): Promise<Archive> {
  const { archive, dropbox, uploader } = config;
  if (archive.kind === 'folder') {
    const { createFolderArchive } = await import('../adapters/files/folder-archive.js');
    return createFolderArchive({ folder: archive.folder, owner: uploader.name });
  }
  const { createDropboxArchive } = await import('../adapters/dropbox/archive.js');
  return createDropboxArchive({ login: loginOf(dropbox), basePath: dropbox.base_path, apiUrl: dropbox.api_url });
}

function loginOf({ app_key: appKey, refresh_token: refreshToken, access_token: accessToken }: Config['dropbox']) {
  if (appKey !== undefined && refreshToken !== undefined) return { appKey, refreshToken };
  if (accessToken !== undefined) return { accessToken };
  throw new Error('Dropbox needs dropbox.app_key and dropbox.refresh_token, or dropbox.access_token');
}
