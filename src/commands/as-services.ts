import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { nearestExisting } from '../adapters/files/place-trouble.js';
import type { PlaceKey } from '../runtime/config/config.js';

/** The configuration of the services that the Debian package installs. */
const packaged = '/etc/roomwatch/roomwatch.yaml';
/** The user that these services run as. */
const serviceUser = 'roomwatch';

/** Where these services have data and pictures, unless their configuration says otherwise. */
export const packagedPlaces: ReadonlyMap<PlaceKey, string> = new Map([
  ['data_dir', '/var/lib/roomwatch/data'],
  ['archive.folder', '/var/lib/roomwatch/archive'],
]);

/** A user and its group, by number. */
export type Account = { readonly uid: number; readonly gid: number };

/** Whether this is the configuration of the Debian package's services. */
export function isPackaged(file: string): boolean {
  return resolve(file) === packaged;
}

/** The user of the services that use this configuration; undefined if it belongs to none of the Debian package. */
export function serviceAccount(file: string | undefined): Account | undefined {
  if (file === undefined || dirname(resolve(file)) !== dirname(packaged)) return undefined;
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${serviceUser}:`));
  const [, , uid, gid] = row?.split(':') ?? [];
  return row === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Makes this process one of the services' user, if root works with their configuration: what it can read and write is then
 * what they can. Says whether it is.
 */
export function becomeServiceUser(file: string | undefined): boolean {
  const account = process.geteuid?.() === 0 ? serviceAccount(file) : undefined;
  if (account === undefined) return false;
  joinGroups(account);
  process.setgid?.(account.gid);
  process.setuid?.(account.uid);
  return true;
}

/** What to do if the services' user may not read their configuration. */
export function rightsAdvice(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    accessSync(file, constants.R_OK);
    return [];
  } catch {
    return [`the services run as ${serviceUser}: sudo chown root:${serviceUser} ${file} && sudo chmod 640 ${file}`];
  }
}

/**
 * Does work as the user whose services use what the work leaves, if root does it: the services' user for their configuration,
 * and the owner of the data directory for any other. A folder that does not exist yet belongs to the owner of the one above it.
 * It holds for the whole process: nothing else may run meanwhile.
 */
export async function asServiceUser<Result>(
  { file, dataDir }: { readonly file?: string | undefined; readonly dataDir: string | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  const { geteuid, seteuid, getegid, setegid, getgroups, setgroups } = process;
  if (geteuid?.() !== 0 || !seteuid || !getegid || !setegid || !getgroups || !setgroups) return work();
  const account = serviceAccount(file) ?? (dataDir === undefined ? undefined : statSync(nearestExisting(dataDir)));
  if (account === undefined || account.uid === 0) return work();
  const before = { group: getegid(), groups: getgroups() };
  joinGroups(account);
  setegid(account.gid);
  seteuid(account.uid);
  try {
    return await work();
  } finally {
    seteuid(0);
    setegid(before.group);
    setgroups(before.groups);
  }
}

/** The types of Node lack it. */
type Initgroups = { readonly initgroups?: (user: number, group: number) => void };

/** The groups of a user, such as `video`; of one without a name, its own group alone. */
function joinGroups({ uid, gid }: Account): void {
  try {
    (process as Initgroups).initgroups?.(uid, gid);
  } catch {
    process.setgroups?.([gid]);
  }
}
