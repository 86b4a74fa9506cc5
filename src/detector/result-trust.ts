import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../adapters/files/atomic-file.js';
import { hasCode } from '../adapters/files/system-error.js';
import { wallSeconds } from '../async/clock.js';
import { toInstant } from '../domain/contract/payloads.js';

/** In a room's folder: its upload results count only if they are signed. What the file holds is for people. */
export const signedResultsFile = 'signed-results-only';

/** Whether unsigned upload results count: only until the first signed one has come. */
export type ResultTrust = {
  /** whether a signed upload result has come, in this run or an earlier one */
  readonly needsSignature: boolean;
  /** what to delete for unsigned results to count again */
  readonly file: string;
  /** To be called for each signed result; what it says is durable when this resolves. Rejects on a full disk. */
  recordSigned(): Promise<void>;
};

/** @param folder that of the room */
export async function openResultTrust(folder: string): Promise<ResultTrust> {
  const file = join(folder, signedResultsFile);
  let isStored = await stat(file).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
  let needsSignature = isStored;
  return {
    file,
    get needsSignature() {
      return needsSignature;
    },
    async recordSigned() {
      needsSignature = true;
      if (isStored) return;
      const since = `Since ${toInstant(wallSeconds())}, upload results of this room count only if they are signed.`;
      await replaceFile(
        file,
        `${since}\nDelete this file while the detector is stopped, and unsigned ones count again.\n`,
      );
      isStored = true;
    },
  };
}
