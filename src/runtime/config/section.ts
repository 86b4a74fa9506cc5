/** A section of a configuration file, as parsed. */
export type Section = { readonly [key: string]: unknown };

/** Whether something parsed is a section rather than a value. */
export function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
