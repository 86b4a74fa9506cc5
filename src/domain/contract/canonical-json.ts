/**
 * The canonical form of a JSON value that signatures are made over (RFC 8785): no white space, the members of every object
 * sorted by name; undefined members are left out. Throws a RangeError if the value is nested too deeply, or has a number that
 * JSON cannot write (`1e999` is parsed as Infinity, and would be written as `null`, as something else than what was signed).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} is no number of JSON`);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}
