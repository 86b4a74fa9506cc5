/**
 * The time of day in a time zone such as `Europe/Berlin`, as an ISO 8601 text with the offset from UTC, which tells apart the hour
 * that a change to winter time repeats: `2026-10-25T02:30:00.000+0200`; `…Z` in UTC. The zone must have passed isTimeZone.
 */
export function localInstant(at: number, zone: string): string {
  const offset = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(formatOf(zone).format(at * 1000));
  const [, sign, hours = '0', minutes = '0'] = offset ?? [];
  const seconds = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  const local = new Date(Math.round((at + seconds) * 1000)).toISOString();
  return zone === 'UTC'
    ? local
    : local.replace('Z', `${sign ?? '+'}${hours.padStart(2, '0')}${minutes.padStart(2, '0')}`);
}

/** Whether a text names a time zone that this machine knows. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Making one costs more than using it, and there is one zone. */
let last: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined;

function formatOf(zone: string): Intl.DateTimeFormat {
  if (last?.zone !== zone)
    last = { zone, format: new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }) };
  return last.format;
}
