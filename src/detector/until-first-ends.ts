import type { CloseStack } from '../runtime/process/close-stack.js';

/** The loops of a detector; each of them ends when the detector is told to stop. */
type Loops = {
  /** the frame loop, which starts snapshots and uses everything that is open */
  readonly watching: Promise<void>;
  readonly delivering: Promise<void>;
  /** promises that only ever reject */
  readonly failures: readonly Promise<never>[];
};

/**
 * Resolves when the first of the loops ends, rejects when one fails. Nothing that was opened before is closed until the frame
 * loop has ended too: it may be about to start a snapshot, which needs the store.
 */
export async function untilFirstEnds({ watching, delivering, failures }: Loops, opened: CloseStack): Promise<void> {
  // The error of the frame loop is reported below.
  opened.defer(() => watching.catch(() => undefined));
  await Promise.race([watching, delivering, ...failures]);
}
