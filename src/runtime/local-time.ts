/** Seconds since the Unix epoch, moved by this machine's time zone: read as UTC they are the time on its clock. */
export function localSeconds(at: number): number {
  return at - new Date(at * 1000).getTimezoneOffset() * 60;
}
