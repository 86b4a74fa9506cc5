import type { Leaf } from './formats.js';
import { schema } from './schema.js';

/** A section of a configuration file, as parsed. */
export type Section = { readonly [key: string]: unknown };

/** A value, and where it was said when that was not under its own name in the file. */
export type Said = { readonly value: unknown; readonly origin?: string };

/** Every key by its path (`mqtt.url`), in the order of the reference. */
export const leaves: ReadonlyMap<string, Leaf<unknown>> = new Map(listLeaves(schema, ''));

const sections = new Set(
  [...leaves.keys()].flatMap((path) => (path.includes('.') ? [path.slice(0, path.indexOf('.'))] : [])),
);

/** Whether something parsed is a section rather than a value. */
export function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Takes a file's sections apart into values by path, and says which keys do not exist.
 * A key or section without a value (`mqtt:` alone) counts as not said.
 */
export function flatten(section: Section, at = ''): { said: Map<string, Said>; problems: string[] } {
  const said = new Map<string, Said>();
  const problems: string[] = [];
  for (const [key, value] of Object.entries(section)) {
    const path = at === '' ? key : `${at}.${key}`;
    if (leaves.has(path)) {
      if (isSection(value)) problems.push(`${path}: must be a value, not a section`);
      else if (value !== null) said.set(path, { value });
    } else if (!sections.has(path)) {
      problems.push(`${path}: there is no such key${didYouMean(path, [...leaves.keys(), ...sections])}`);
    } else if (isSection(value)) {
      const inner = flatten(value, path);
      inner.said.forEach((one, where) => said.set(where, one));
      problems.push(...inner.problems);
    } else if (value !== null) {
      const inside = [...leaves.keys()].filter((name) => name.startsWith(`${path}.`));
      problems.push(`${path}: must be a section with any of ${inside.join(', ')}`);
    }
  }
  return { said, problems };
}

/** The reverse of `flatten`. */
export function nest(values: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const [first = '', second] = path.split('.');
    if (second === undefined) tree[first] = value;
    else tree[first] = { ...(tree[first] as object | undefined), [second]: value };
  }
  return tree;
}

/** `; did you mean …?` where one of the names is near enough, else nothing. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const last = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const ranked = names
    .map((name) => ({ name, far: Math.min(distance(wrong, name), distance(last(wrong), last(name)) + 0.5) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  const length = last(wrong).length;
  const near = length < 4 ? 1 : Math.max(2, length / 3);
  return best !== undefined && best.far <= near ? `; did you mean ${best.name}?` : '';
}

/** Levenshtein's: how many characters to insert, remove or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function listLeaves(section: object, at: string): [string, Leaf<unknown>][] {
  return Object.entries(section).flatMap(([key, inner]: [string, object]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return 'check' in inner ? [[path, inner as Leaf<unknown>]] : listLeaves(inner, path);
  });
}
