import type { SnapshotReceipt } from '../contract/payloads.js';
import { localInstant } from './local-instant.js';
import { tutorialTime } from '../snapshots/tutorial-time.js';

type Taken = Pick<SnapshotReceipt, 'id' | 'room' | 'taken_at'>;

/** The default of `archive.path`. */
export const defaultArchivePath = '{room}/{date}/{time}-{id}.jpg';
/** Longest name of a folder or file, in bytes of UTF-8: Linux and Dropbox allow 255, and a temporary suffix needs room. */
const maxNameBytes = 200;
/** Windows, to which Dropbox synchronises, allows 260 for the whole path. */
const maxPathLength = 240;
/** Characters that Dropbox refuses or Windows cannot have in a name; `\p{Cs}` is half a surrogate pair. */
const unsafe = /[\\<>:"|?*]|\p{Cc}|\p{Cs}/u;

/**
 * The absolute path of a picture in the archive. It depends on the receipt alone, so a repeated upload gets the same path.
 * Times are those of the zone; `{time}` is `10-15-30.123Z` or `12-15-30.123+0200`, as Windows allows no colons. The pattern must
 * have passed checkArchivePattern.
 */
export function archivePath(pattern: string, receipt: Taken, zone = 'UTC'): string {
  const local = localInstant(Date.parse(receipt.taken_at) / 1000, zone);
  if (pattern === 'tutorial') return `/${tutorialTime(Date.parse(`${local.slice(0, 23)}Z`) / 1000)}.jpg`;
  const values: Record<string, string> = {
    room: receipt.room,
    date: local.slice(0, 10),
    time: local.slice(11).replaceAll(':', '-'),
    id: receipt.id,
  };
  return `/${pattern.replace(/^\//, '').replace(/\{(room|date|time|id)\}/g, (whole, name: string) => values[name] ?? whole)}`;
}

/**
 * The path to use if another picture is at `archivePath` already. Only the tutorial's names, one for each second, can
 * collide: the later picture gets the random end of its id appended. Undefined for patterns, as their `{id}` is unique.
 */
export function otherArchivePath(pattern: string, receipt: Taken, zone = 'UTC'): string | undefined {
  if (pattern !== 'tutorial') return undefined;
  return archivePath(pattern, receipt, zone).replace(/\.jpg$/, ` ${receipt.id.slice(-12)}.jpg`);
}

/** What is wrong with a configured `archive.path`, to follow the name of the key in a sentence; undefined if nothing is. */
export function checkArchivePattern(pattern: string): string | undefined {
  if (pattern === 'tutorial') return undefined;
  if (!pattern.includes('{id}')) return 'must contain {id}, which keeps two pictures apart (or be "tutorial")';
  const stray = /\{[^{}]*\}?|\}/.exec(pattern.replace(/\{(room|date|time|id)\}/g, ''));
  if (stray) return `has an unknown placeholder ${stray[0]}; known are {room}, {date}, {time} and {id}`;
  const longest = archivePath(pattern, {
    id: '0'.repeat(36),
    room: 'r'.repeat(32),
    taken_at: '2026-11-22T10:15:30.123Z',
  });
  return checkNames(longest.slice(1).split('/')) ?? (longest.length > maxPathLength ? 'is too long' : undefined);
}

/** What is wrong with a configured `dropbox.base_path`, undefined if nothing is; slashes at its ends do not matter. */
export function checkBasePath(path: string): string | undefined {
  const inner = path.replace(/^\/+|\/+$/g, '');
  return inner === '' ? undefined : checkNames(inner.split('/'));
}

function checkNames(names: readonly string[]): string | undefined {
  for (const name of names) {
    if (name === '') return 'must not contain an empty folder name, nor end with "/"';
    if (name === '.' || name === '..') return `must not contain "${name}"`;
    if (unsafe.test(name)) return 'must not contain control characters or any of \\ < > : " | ? *';
    if (/^\s|[\s.]$/.test(name))
      return 'must not contain a name that begins with a space, or ends with a space or a dot';
    if (new TextEncoder().encode(name).length > maxNameBytes) return 'contains a name that is too long';
  }
  return undefined;
}
