import { statSync } from 'node:fs';
import { nearestExisting } from '../adapters/files/place-trouble.js';

/**
 * Does work as the owner of a folder, if root does it: a service of that owner can use what the work leaves there. A folder that does
 * not exist yet belongs to the owner of the one above it. It holds for the whole process: nothing else may run meanwhile.
 */
export async function asOwnerOf<Result>(folder: string | undefined, work: () => Promise<Result>): Promise<Result> {
  const { geteuid, seteuid, getegid, setegid, getgroups, setgroups } = process;
  if (folder === undefined || geteuid?.() !== 0 || !seteuid || !getegid || !setegid || !getgroups || !setgroups)
    return work();
  const { uid, gid } = statSync(nearestExisting(folder));
  if (uid === 0) return work();
  const before = { group: getegid(), groups: getgroups() };
  joinGroups(uid, gid);
  setegid(gid);
  seteuid(uid);
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
function joinGroups(uid: number, gid: number): void {
  try {
    (process as Initgroups).initgroups?.(uid, gid);
  } catch {
    process.setgroups?.([gid]);
  }
}
