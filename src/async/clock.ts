/** The wall clock: seconds since the Unix epoch, with fractions. It may be set back or forth at any time. */
export function wallSeconds(): number {
  return Date.now() / 1000;
}

/** A clock that only runs forward: seconds since the process began, with fractions. For durations. */
export function monotonicSeconds(): number {
  return performance.now() / 1000;
}
