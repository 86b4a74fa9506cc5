import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Commit, Cursor } from './dropbox-args.js';

/** The members of FileMetadata (files.stone) that this server fills. */
export type Metadata = {
  name: string;
  path_lower: string;
  path_display: string;
  id: string;
  client_modified: string;
  server_modified: string;
  rev: string;
  size: number;
  is_downloadable: boolean;
  content_hash: string;
};
export type Tagged = { '.tag': string; [member: string]: unknown };
export type Written = { metadata: Metadata } | { error: Tagged };

type Session = { bytes: Buffer; closed: boolean };

const ignoredNames = ['desktop.ini', 'thumbs.db', '.ds_store', '.dropbox', '.dropbox.attr', 'icon\r'];

/** One user's Dropbox: files by path (case-insensitive), upload sessions, a quota. With `dir`, the files are on the disk. */
export function createAccount({ dir, quotaBytes = Infinity }: { dir?: string | undefined; quotaBytes?: number } = {}) {
  const files = new Map<string, { metadata: Metadata; bytes: Buffer | undefined }>();
  const folders = new Set<string>();
  const sessions = new Map<string, Session>();
  const counts = { written: 0, unchanged: 0, rewritten: 0 };
  let quota = quotaBytes;
  let used = 0;
  let serial = 0;
  let refused: RegExp | undefined;

  if (dir !== undefined) {
    mkdirSync(dir, { recursive: true });
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      put(path.slice(join(dir).length), readFileSync(path), undefined);
    }
  }

  function put(path: string, bytes: Buffer, clientModified: string | undefined): Metadata {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    const before = files.get(path.toLowerCase());
    serial += 1;
    const metadata = {
      name: path.slice(path.lastIndexOf('/') + 1),
      path_lower: path.toLowerCase(),
      path_display: path,
      id: before?.metadata.id ?? `id:${String(serial).padStart(22, '0')}`,
      client_modified: clientModified ?? now,
      server_modified: now,
      rev: serial.toString(16).padStart(12, '0'),
      size: bytes.length,
      is_downloadable: true,
      content_hash: dropboxHash(bytes),
    };
    for (let above = dirname(path); above !== '/'; above = dirname(above)) folders.add(above.toLowerCase());
    used += bytes.length - (before?.metadata.size ?? 0);
    files.set(path.toLowerCase(), { metadata, bytes: dir === undefined ? bytes : undefined });
    return metadata;
  }

  const nameErrorNow = (path: string) => (refused?.test(path) ? { '.tag': 'malformed_path' } : nameError(path));

  function conflictAt(path: string): string | undefined {
    if (files.has(path.toLowerCase())) return 'file';
    if (folders.has(path.toLowerCase())) return 'folder';
    for (let above = dirname(path); above !== '/'; above = dirname(above)) {
      if (files.has(above.toLowerCase())) return 'file_ancestor';
    }
    return undefined;
  }

  function commit(info: Commit, bytes: Buffer): Written {
    const bad = nameErrorNow(info.path);
    if (bad !== undefined) return { error: bad };
    let path = info.path;
    const conflict = conflictAt(path);
    const standing = files.get(path.toLowerCase())?.metadata;
    if (conflict !== undefined) {
      const same = conflict === 'file' && standing?.content_hash === dropboxHash(bytes);
      if (same && !info.strict_conflict && standing !== undefined) {
        counts.unchanged += 1;
        return { metadata: standing };
      }
      const mode = typeof info.mode === 'string' ? { '.tag': info.mode } : info.mode;
      const replaces =
        conflict === 'file' && (mode['.tag'] === 'overwrite' || ('update' in mode && mode.update === standing?.rev));
      if (!replaces && !info.autorename) return { error: { '.tag': 'conflict', conflict: { '.tag': conflict } } };
      for (let n = 2; !replaces && conflictAt(path) !== undefined; n += 1) {
        path = info.path.replace(/(\.[^./]*)?$/, ` (${n})$1`);
      }
    }
    if (used + bytes.length - (files.get(path.toLowerCase())?.metadata.size ?? 0) > quota) {
      return { error: { '.tag': 'insufficient_space' } };
    }
    counts[files.has(path.toLowerCase()) ? 'rewritten' : 'written'] += 1;
    const metadata = put(path, bytes, info.client_modified);
    if (dir !== undefined) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), bytes);
    }
    return { metadata };
  }

  return {
    counts,
    commit,
    createFolder(path: string): Tagged | undefined {
      const bad = nameErrorNow(path);
      const conflict = conflictAt(path);
      if (bad !== undefined) return bad;
      if (conflict !== undefined) return { '.tag': 'conflict', conflict: { '.tag': conflict } };
      for (let at = path; at !== '/'; at = dirname(at)) folders.add(at.toLowerCase());
      return undefined;
    },
    isFolder: (path: string) => folders.has(path.toLowerCase()),
    /** Puts a file there, as another program does; undefined removes it. */
    setFile(path: string, bytes: Buffer | undefined) {
      if (bytes === undefined) files.delete(path.toLowerCase());
      else put(path, bytes, undefined);
    },
    /** From now on, a name that this matches is malformed; undefined ends that. */
    refuseNames: (names: RegExp | undefined) => void (refused = names),
    /** the file at this path */
    list: () => [...files.values()].map(({ metadata }) => metadata),
    find: (path: string) => files.get(path.toLowerCase())?.metadata,
    read: (path: string) => {
      const file = files.get(path.toLowerCase());
      return file === undefined || dir === undefined
        ? file?.bytes
        : readFileSync(join(dir, file.metadata.path_display));
    },
    setQuota(bytes: number) {
      quota = bytes;
    },
    usage: () => ({ used, quota }),
    openSessions: () => sessions.size,
    startSession(bytes: Buffer, closed: boolean): string {
      const id = `pid_upload_session:${(serial += 1).toString(36)}`;
      sessions.set(id, { bytes, closed });
      return id;
    },
    appendToSession(cursor: Cursor, bytes: Buffer, close: boolean): Tagged | undefined {
      const session = sessions.get(cursor.session_id);
      const error = cursorError(session, cursor);
      if (error !== undefined || session === undefined) return error;
      if (session.closed) return { '.tag': 'closed' };
      session.bytes = Buffer.concat([session.bytes, bytes]);
      session.closed = close;
      return undefined;
    },
    /** The error is a WriteError inside `path`, or an UploadSessionLookupError inside `lookup_failed`. */
    finishSession(cursor: Cursor, info: Commit, rest: Buffer, mustBeClosed: boolean): Written {
      const session = sessions.get(cursor.session_id);
      const error = cursorError(session, cursor);
      if (error !== undefined || session === undefined) return failed('lookup_failed', error);
      if (mustBeClosed && !session.closed) return failed('lookup_failed', { '.tag': 'not_closed' });
      const written = commit(info, Buffer.concat([session.bytes, rest]));
      if ('error' in written) return failed('path', written.error);
      sessions.delete(cursor.session_id);
      return written;
    },
  };
}
export type Account = ReturnType<typeof createAccount>;

/** Written from Dropbox's description only, as an independent check of the program's own. */
export function dropboxHash(bytes: Buffer): string {
  const whole = createHash('sha256');
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(4_194_304)) {
    whole.update(createHash('sha256').update(rest.subarray(0, 4_194_304)).digest());
  }
  return whole.digest('hex');
}

function failed(tag: string, error: Tagged | undefined): Written {
  return { error: { '.tag': tag, [tag]: error } };
}

function cursorError(session: Session | undefined, cursor: Cursor): Tagged | undefined {
  if (session === undefined) return { '.tag': 'not_found' };
  if (session.bytes.length === cursor.offset) return undefined;
  return { '.tag': 'incorrect_offset', correct_offset: session.bytes.length };
}

function nameError(path: string): Tagged | undefined {
  const names = path.slice(1).split('/');
  if (/[/\s]$/.test(path) || path.includes('\\') || names.some((name) => name === '' || name.length > 255)) {
    return { '.tag': 'malformed_path' };
  }
  return names.some((name) => name === '.' || name === '..' || ignoredNames.includes(name.toLowerCase()))
    ? { '.tag': 'disallowed_name' }
    : undefined;
}
