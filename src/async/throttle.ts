/**
 * Whether an event of this kind may be logged now: undefined if not, otherwise the number of events of this kind that were
 * held back before it.
 */
export type Throttle = (kind: string) => number | undefined;

/**
 * Makes a throttle that lets one event of each kind pass in `seconds`. The kinds must be few: all are kept.
 * @param now seconds of a clock that is never set
 */
export function createThrottle(seconds: number, now: () => number): Throttle {
  const kinds = new Map<string, { passedAt: number; heldBack: number }>();
  return (kind) => {
    const last = kinds.get(kind);
    if (last !== undefined && now() - last.passedAt < seconds) {
      last.heldBack += 1;
      return undefined;
    }
    kinds.set(kind, { passedAt: now(), heldBack: 0 });
    return last?.heldBack ?? 0;
  };
}
