const freeTries = 3;
const longestPauseSeconds = 60;
/** Wrong tries from everywhere together: many addresses do not buy many guesses, and never lock the owner out for long. */
const freeTriesOfAll = 30;
const longestPauseOfAllSeconds = 5;
const forgottenAfterSeconds = 900;
const mostRemembered = 1000;

/** Slows those who guess passwords: every wrong try after the third doubles the pause before the next. */
export type LoginThrottle = {
  /** How long `who` has to wait before a try counts; 0 where it may be made now. */
  waitSeconds(who: string, at: number): number;
  loginFailed(who: string, at: number): void;
  loginSucceeded(who: string): void;
};

type Record = { readonly wrong: number; readonly lastAt: number };

/** Remembers at most a thousand addresses, and each for a quarter of an hour after its last wrong try. */
export function createLoginThrottle(): LoginThrottle {
  const records = new Map<string, Record>();
  let all: Record = { wrong: 0, lastAt: -Infinity };

  const fresh = (record: Record | undefined, at: number) =>
    record !== undefined && at - record.lastAt < forgottenAfterSeconds ? record : undefined;
  const wait = (record: Record | undefined, at: number, free: number, longest: number) => {
    if (record === undefined || record.wrong < free) return 0;
    return Math.max(0, record.lastAt + Math.min(longest, 2 ** (record.wrong - free)) - at);
  };

  return {
    waitSeconds: (who, at) =>
      Math.max(
        wait(fresh(records.get(who), at), at, freeTries, longestPauseSeconds),
        wait(fresh(all, at), at, freeTriesOfAll, longestPauseOfAllSeconds),
      ),
    loginFailed(who, at) {
      const before = fresh(records.get(who), at);
      // Taken out and put in again: the first key of the map is the one that has been quiet the longest.
      records.delete(who);
      records.set(who, { wrong: (before?.wrong ?? 0) + 1, lastAt: at });
      const oldest = records.keys().next();
      if (records.size > mostRemembered && oldest.done !== true) records.delete(oldest.value);
      all = { wrong: (fresh(all, at)?.wrong ?? 0) + 1, lastAt: at };
    },
    loginSucceeded: (who) => void records.delete(who),
  };
}
