const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/**
 * `Sunday 22 November 2026 10:15:30AM`, in UTC: `strftime("%A %d %B %Y %I:%M:%S%p")` of the published tutorial, in the C locale.
 * @param at seconds since the Unix epoch; a fraction is cut off
 */
export function tutorialTime(at: number): string {
  const time = new Date(at * 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = time.getUTCHours();
  const date = `${days[time.getUTCDay()]} ${two(time.getUTCDate())} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
  const clock = `${two(hours % 12 || 12)}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${date} ${clock}${hours < 12 ? 'AM' : 'PM'}`;
}
