import type { Archive, Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { judgeRefusals, noRefusals } from '../../domain/uploads/refusals.js';

/** A picture to store, and the snapshot it belongs to. */
export type Picture = { readonly id: string; readonly deposit: Deposit };

/** Pictures of one round that are tried a second time; others wait for the next round. */
const maxControls = 3;

/**
 * Makes the function that stores a round and answers for each picture, with `refused` only if the fault is the picture's
 * (see `judgeRefusals`). A picture that was refused while another one was stored is tried once more, right after that one was
 * stored once more, which changes nothing: so it ends in its first round.
 */
export function createJudgedStore(archive: Archive) {
  let refusals = noRefusals;

  async function storeAndJudge(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly DepositOutcome[]> {
    const outcomes = await archive.store(
      pictures.map(({ deposit }) => deposit),
      signal,
    );
    const answers = pictures.map(({ id }, index) => ({ id, outcome: outcomes[index]! }));
    const [after, judged] = judgeRefusals(refusals, answers);
    refusals = after;
    return judged;
  }

  return async (pictures: readonly Picture[], signal: AbortSignal): Promise<readonly DepositOutcome[]> => {
    const judged = [...(await storeAndJudge(pictures, signal))];
    const control = pictures[judged.findIndex(({ kind }) => kind === 'stored')];
    if (control === undefined) return judged;
    const suspects = [...judged.entries()].filter(
      ([, outcome]) => outcome.kind === 'later' && outcome.onlyThis === true,
    );
    for (const [index] of suspects.slice(0, maxControls)) {
      if (signal.aborted) break;
      const [first, second] = await storeAndJudge([control, pictures[index]!], signal);
      judged[index] = second!;
      if (first?.kind !== 'stored') break;
    }
    return judged;
  };
}
