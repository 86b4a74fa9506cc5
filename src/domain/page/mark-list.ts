import type { Mark } from './payloads.js';

const lookKinds: ReadonlySet<string> = new Set(['recognised', 'not_recognised', 'furniture', 'failed']);

/** Of looks, and of all other events together. Ten seconds apart, 800 looks are more than two hours. */
const limits = { looks: 800, others: 500 };

/** Whether the event is a look for people. */
export function isLook({ kind }: Mark): boolean {
  return lookKinds.has(kind);
}

/** The newest marks of a chart. Looks are frequent, so they are kept apart: they push out no snapshot. */
export type MarkList = {
  add(mark: Mark): void;
  /** in the order of time */
  list(): Mark[];
};

/** @param marks the first marks, in any order */
export function createMarkList(marks: readonly Mark[] = []): MarkList {
  const looks: Mark[] = [];
  const others: Mark[] = [];
  const add = (mark: Mark) => {
    const [kept, most] = isLook(mark) ? [looks, limits.looks] : [others, limits.others];
    kept.push(mark);
    if (kept.length > most) kept.shift();
  };
  marks.forEach(add);
  return { add, list: () => [...looks, ...others].sort((one, other) => one.at - other.at) };
}
