import type { DepositOutcome } from './archive.js';

/** What the answers of the archive so far say about refused pictures. */
export type Refusals = {
  /** number of pictures stored so far */
  readonly stored: number;
  /** refused pictures that are tried again: the reason, and how many pictures were stored before the first refusal */
  readonly open: ReadonlyMap<string, { readonly code: string; readonly stored: number }>;
  /** the last answer, if it was a refusal */
  readonly last: { readonly id: string; readonly code: string } | undefined;
};

/** The answer for one picture. */
export type Answer = { readonly id: string; readonly outcome: DepositOutcome };

/** Before the first answer. */
export const noRefusals: Refusals = { stored: 0, open: new Map(), last: undefined };

/** Refused pictures to remember; of more than this, the fault is not with one of them. */
const maxOpen = 1000;

/**
 * Decides whose fault refusals are, in the order of the answers. A picture stays refused only if it was refused before for the
 * same reason, another picture was stored in between, and no answer beside it is the same refusal of another picture: two in
 * a row are the fault of the account, its settings or a proxy. Every other refusal becomes `later`.
 */
export function judgeRefusals(
  before: Refusals,
  answers: readonly Answer[],
): readonly [Refusals, readonly DepositOutcome[]] {
  let { stored, last } = before;
  const open = new Map(before.open);
  const judged = answers.map(({ id, outcome }, index): DepositOutcome => {
    if (outcome.kind === 'stored') {
      stored += 1;
      last = undefined;
      open.delete(id);
      return outcome;
    }
    if (outcome.kind === 'later' && outcome.onlyThis !== true) return outcome;
    const { code, message } = outcome;
    const next = answers[index + 1];
    const inARow =
      (last !== undefined && last.id !== id && last.code === code) ||
      (next !== undefined && next.id !== id && next.outcome.kind !== 'stored' && next.outcome.code === code);
    last = { id, code };
    const first = open.get(id);
    const isAgain = first !== undefined && first.code === code;
    if (outcome.kind === 'refused' && isAgain && stored > first.stored && !inARow) {
      open.delete(id);
      return outcome;
    }
    if (!isAgain && open.size < maxOpen) open.set(id, { code, stored });
    const later = outcome.kind === 'later' ? outcome : ({ kind: 'later', why: 'refused', code, message } as const);
    return { ...later, onlyThis: !inARow };
  });
  return [{ stored, open, last }, judged];
}
