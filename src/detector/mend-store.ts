import { describePicture } from '../adapters/files/picture-facts.js';
import type { SnapshotFolder } from '../adapters/files/snapshot-folder.js';
import type { SnapshotFacts } from '../domain/contract/payloads.js';

/** What a run found damaged, and what it did about it (docs/contract.md §3.7). */
export type Mended = { readonly files: readonly string[]; readonly announced_again: number; readonly lost: number };

/** The receipts of the outbox. */
type Receipts = {
  has(id: string): boolean;
  read(id: string): Promise<SnapshotFacts | undefined>;
  keys(): IterableIterator<string>;
};
type Needs = {
  /** the room of a picture that does not say its own */
  readonly room: string;
  readonly snapshots: SnapshotFolder;
  readonly receipts: Receipts;
  readonly outbox: { put(facts: SnapshotFacts): Promise<void>; settle(id: string): Promise<void> };
};

/** Number of pictures and records handled at a time; they share the fsyncs. */
const atATime = 20;

/**
 * Makes pictures, index and outbox agree after a kill or damage: every picture is recorded, every unsettled snapshot has its
 * receipt, no settled one has. A receipt without its picture stays; it is reported as lost when it is asked for.
 */
export async function mendStore(
  needs: Needs,
  now: number,
  signal: AbortSignal,
): Promise<Pick<Mended, 'announced_again' | 'lost'>> {
  const { snapshots, receipts, outbox } = needs;
  let lost = snapshots.missing.length;
  await forEach(snapshots.strays, signal, async (id) => {
    const facts = (await receipts.read(id)) ?? (await describeKept(needs.snapshots, id, needs.room));
    if (facts !== undefined) await snapshots.adopt(facts);
  });
  await forEach([...receipts.keys()], signal, async (id) => {
    if (await snapshots.hasEnded(id)) return outbox.settle(id);
    if ((await snapshots.find(id)) !== 'unknown') return;
    const facts = await receipts.read(id);
    if (facts === undefined) return;
    await snapshots.recordLoss(facts, now);
    lost += 1;
  });
  return { announced_again: await announceUnsettled(needs, signal), lost };
}

/** Puts every unsettled snapshot into the outbox that is not there; resolves with their number. */
export async function announceUnsettled(needs: Needs, signal: AbortSignal): Promise<number> {
  const { snapshots, receipts, outbox } = needs;
  let count = 0;
  const absent = [...snapshots.unsettled()].filter((id) => !receipts.has(id));
  await forEach(absent, signal, async (id) => {
    const facts = (await snapshots.recordOf(id))?.facts ?? (await describeKept(needs.snapshots, id, needs.room));
    if (facts === undefined || receipts.has(id)) return;
    count += 1;
    await outbox.put(facts);
  });
  return count;
}

/**
 * The facts of a picture from its file; undefined if there is none.
 * @param room that of a picture that does not say its own
 */
export async function describeKept(
  snapshots: Pick<SnapshotFolder, 'readPicture'>,
  id: string,
  room: string,
): Promise<SnapshotFacts | undefined> {
  const file = await snapshots.readPicture(id);
  return file === undefined ? undefined : describePicture(file, id, room);
}

async function forEach(ids: readonly string[], signal: AbortSignal, work: (id: string) => Promise<void>) {
  for (let from = 0; from < ids.length && !signal.aborted; from += atATime) {
    await Promise.all(ids.slice(from, from + atATime).map(work));
  }
}
