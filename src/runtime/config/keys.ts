import type { ConfigKey } from './formats.js';
import { schema } from './schema.js';
import { isSection, type Section } from './section.js';

/** A value, and where it comes from if not from its own key in the file; a default may depend on the folder of the file. */
export type ConfigValue = { readonly value: unknown; readonly origin?: string; readonly isDefault?: true };

/** Every key by its path (`mqtt.url`), in the order of the reference. */
export const configKeys: ReadonlyMap<string, ConfigKey<unknown>> = new Map(listKeys(schema, ''));

// One uploader and one broker serve all rooms, which also share their data and the secret that signs receipts.
const sharedByAll =
  /^(?:rooms|data_dir|(?:archive|broker|dropbox|uploader)\..*|mqtt\.(?:url|base_topic)|http\.signing_secret)$/;

/** The keys that a room of several may have for itself. */
export const ownKeys: ReadonlyMap<string, ConfigKey<unknown>> = new Map(
  [...configKeys].filter(([path]) => !sharedByAll.test(path)),
);

const sections = new Set(
  [...configKeys.keys()].flatMap((path) => (path.includes('.') ? [path.slice(0, path.indexOf('.'))] : [])),
);

/** Whether a path is that of a section: `mqtt`. */
export function isSectionName(path: string): boolean {
  return sections.has(path);
}

/**
 * Turns the sections of a file into values by path, and lists the keys that do not exist. A key or section without a value
 * (`mqtt:` alone) counts as not set.
 */
export function flatten(section: Section, at = ''): { values: Map<string, ConfigValue>; problems: string[] } {
  const values = new Map<string, ConfigValue>();
  const problems: string[] = [];
  for (const [key, value] of Object.entries(section)) {
    const path = at === '' ? key : `${at}.${key}`;
    if (configKeys.has(path)) {
      if (isSection(value)) problems.push(`${path}: must be a ${path === 'rooms' ? 'list' : 'value'}, not a section`);
      else if (value !== null) values.set(path, { value });
    } else if (!sections.has(path)) {
      const similar = didYouMean(path, [...configKeys.keys(), ...sections]);
      problems.push(`${nameOfUnknown(key, value, at)}: there is no such key${similar}`);
    } else if (isSection(value)) {
      const inner = flatten(value, path);
      inner.values.forEach((one, where) => values.set(where, one));
      problems.push(...inner.problems);
    } else if (value !== null) {
      const inside = [...configKeys.keys()].filter((name) => name.startsWith(`${path}.`));
      problems.push(`${path}: must be a section with any of ${inside.join(', ')}`);
    }
  }
  return { values, problems };
}

/** A strange key, or one without a value, may be a part of a password: `{password: one,two}`. */
function nameOfUnknown(key: string, value: unknown, at: string): string {
  const isWord = /^[\w.-]{1,40}$/.test(key) && value !== null;
  if (isWord) return at === '' ? key : `${at}.${key}`;
  return at === '' ? 'a key at the top of the file' : `a key in ${at}`;
}

/** The reverse of `flatten`. */
export function nest(flat: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of flat) {
    const [first = '', second] = path.split('.');
    if (second === undefined) tree[first] = value;
    else tree[first] = { ...(tree[first] as object | undefined), [second]: value };
  }
  return tree;
}

/** Gives `; did you mean …?` if one of the names is similar enough, otherwise nothing. */
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

/** The Levenshtein distance: how many characters to insert, remove or change. */
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

function listKeys(section: object, at: string): [string, ConfigKey<unknown>][] {
  return Object.entries(section).flatMap(([key, inner]: [string, object]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return 'check' in inner ? [[path, inner as ConfigKey<unknown>]] : listKeys(inner, path);
  });
}
