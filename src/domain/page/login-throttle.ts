/** One wrong password a second is compared, whoever sends it. */
const secondsBetweenGuesses = 1;
const forgetAfterSeconds = 900;
const maxRecords = 1000;
/** Who has logged in before comes first, until this many tries have followed. */
const headStart = 1000;
/** How much the tries of a whole neighbourhood of addresses count, from the address itself to the largest. */
const weights = [1, 0.1, 0.01] as const;

/**
 * Slows down password guessing by all addresses together, and puts the tries in an order: whoever has tried least comes first,
 * so that a guesser who needs many tries does not delay an owner who needs one.
 */
export type LoginThrottle = {
  /** How many seconds until a password may be compared; 0 if it may be now. */
  waitSeconds(at: number): number;
  /** Counts a try, until the password turns out to be right. */
  tryBegun(address: string, at: number): void;
  /** Ranks an address by its tries so far: of all that wait now, the lowest comes first. */
  rank(address: string): number;
  loginFailed(at: number): void;
  loginSucceeded(address: string): void;
};

type Tries = { readonly count: number; readonly lastAt: number };

/** Starts without any tries; keeps at most 1000 of each record, tries for 15 minutes after the last one. */
export function createLoginThrottle(): LoginThrottle {
  const tries = weights.map(() => new Map<string, Tries>());
  const known = new Map<string, true>();
  let failedAt = -Infinity;

  return {
    waitSeconds: (at) => Math.max(0, failedAt + secondsBetweenGuesses - at),
    tryBegun: (address, at) => neighbourhoods(address).forEach((name, n) => countTry(tries[n]!, name, at)),
    rank: (address) =>
      neighbourhoods(address).reduce(
        (sum, name, n) => sum + (tries[n]!.get(name)?.count ?? 0) * weights[n]!,
        known.has(address) ? -headStart : 0,
      ),
    loginFailed: (at) => void (failedAt = at),
    loginSucceeded(address) {
      neighbourhoods(address).forEach((name, n) => {
        const record = tries[n]!.get(name);
        if (record !== undefined) tries[n]!.set(name, { ...record, count: n === 0 ? 0 : record.count - 1 });
      });
      remember(known, address, true);
    },
  };
}

function countTry(records: Map<string, Tries>, name: string, at: number): void {
  const record = records.get(name);
  const count = record !== undefined && at - record.lastAt < forgetAfterSeconds ? record.count : 0;
  remember(records, name, { count: count + 1, lastAt: at });
}

/** Deleted and set again, so that the first key of the map is always the one that was set longest ago. */
function remember<Value>(records: Map<string, Value>, name: string, value: Value): void {
  records.delete(name);
  records.set(name, value);
  const oldest = records.keys().next();
  if (records.size > maxRecords && oldest.done !== true) records.delete(oldest.value);
}

/** An IPv4 address, its /24 and its /16; or of IPv6 the /64, which usually belongs to one user, its /48 and its /32. */
function neighbourhoods(address: string): readonly [string, string, string] {
  const [, ipv4] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  const mark = ipv4 === undefined ? ':' : '.';
  const parts = (ipv4 ?? address).split(mark);
  const prefix = (length: number) => parts.slice(0, length).join(mark);
  return [prefix(4), prefix(3), prefix(2)];
}
