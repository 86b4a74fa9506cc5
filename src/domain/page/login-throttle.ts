const freeTries = 3;
const maxPauseSeconds = 60;
/** Wrong tries of all addresses together: many addresses give no more guesses, and never lock the owner out for long. */
const freeTriesShared = 30;
const maxSharedPauseSeconds = 5;
const forgetAfterSeconds = 900;
const maxAddresses = 1000;

/** Slows down password guessing: from the third wrong try on, each one doubles the pause before the next. */
export type LoginThrottle = {
  /** How many seconds this address must wait before its next try; 0 if it may try now. */
  waitSeconds(address: string, at: number): number;
  loginFailed(address: string, at: number): void;
  loginSucceeded(address: string): void;
};

type Tries = { readonly wrong: number; readonly lastAt: number };

/** Keeps at most 1000 addresses, each for 15 minutes after its last wrong try. */
export function createLoginThrottle(): LoginThrottle {
  const records = new Map<string, Tries>();
  let all: Tries = { wrong: 0, lastAt: -Infinity };

  const current = (record: Tries | undefined, at: number) =>
    record !== undefined && at - record.lastAt < forgetAfterSeconds ? record : undefined;
  const wait = (record: Tries | undefined, at: number, free: number, longest: number) => {
    if (record === undefined || record.wrong < free) return 0;
    return Math.max(0, record.lastAt + Math.min(longest, 2 ** (record.wrong - free)) - at);
  };

  return {
    waitSeconds: (address, at) =>
      Math.max(
        wait(current(records.get(address), at), at, freeTries, maxPauseSeconds),
        wait(current(all, at), at, freeTriesShared, maxSharedPauseSeconds),
      ),
    loginFailed(address, at) {
      const before = current(records.get(address), at);
      // Deleted and set again, so that the first key of the map is always the address with the oldest wrong try.
      records.delete(address);
      records.set(address, { wrong: (before?.wrong ?? 0) + 1, lastAt: at });
      const oldest = records.keys().next();
      if (records.size > maxAddresses && oldest.done !== true) records.delete(oldest.value);
      all = { wrong: (current(all, at)?.wrong ?? 0) + 1, lastAt: at };
    },
    loginSucceeded: (address) => void records.delete(address),
  };
}
