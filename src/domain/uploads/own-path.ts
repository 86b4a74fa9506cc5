const placeholders: Readonly<Record<string, string>> = {
  room: '[a-z0-9][a-z0-9_-]{0,31}',
  date: '\\d{4}-\\d\\d-\\d\\d',
  time: '\\d\\d-\\d\\d-\\d\\d\\.\\d{3}(?:Z|[+-]\\d{4})',
  id: '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
};
const tutorialName = /^[A-Z][a-z]{5,8} \d\d [A-Z][a-z]{2,8} \d{4} \d\d:\d\d:\d\d[AP]M(?: [0-9a-f]{12})?\.jpg$/;

/** Makes the test whether a path within the archive is one that `archivePath` makes of this pattern. */
export function ownPath(pattern: string): (path: string) => boolean {
  const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const parts = pattern.replace(/^\//, '').split(/\{(room|date|time|id)\}/);
  const form = parts.map((part, index) => (index % 2 === 0 ? escape(part) : (placeholders[part] ?? ''))).join('');
  const shape = pattern === 'tutorial' ? tutorialName : new RegExp(`^${form}$`);
  return (path) => shape.test(path);
}
