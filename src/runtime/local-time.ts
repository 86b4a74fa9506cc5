/** Shifts seconds since the Unix epoch by this machine's time zone: read as UTC, the result is the local time. */
export function localSeconds(at: number): number {
  return at - new Date(at * 1000).getTimezoneOffset() * 60;
}
