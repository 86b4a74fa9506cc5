import { stringify, type ToStringOptions } from 'yaml';
import { configKeys } from './keys.js';
import { isSection } from './section.js';

/** What stands above the values. */
export type ConfigHead = {
  /** lines of comment */
  readonly head: readonly string[];
  /** where an editor finds the JSON schema, if anywhere */
  readonly schema: string | undefined;
};

const style: ToStringOptions = { singleQuote: true, lineWidth: 0, flowCollectionPadding: false };

/**
 * Writes values by path as the text of a configuration file, in the order of the reference, with the meaning of each key as a
 * comment. A value null is written as a key without a value.
 */
export function writeConfig(values: ReadonlyMap<string, unknown>, { head, schema }: ConfigHead): string {
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    ...head.map((line) => `# ${line}`),
  ];
  let section = '';
  for (const [path, key] of configKeys) {
    if (!values.has(path)) continue;
    const [first = '', second] = path.split('.');
    const indent = second === undefined ? '' : '  ';
    if (first !== section) lines.push('');
    if (first !== section && second !== undefined) lines.push(`${first}:`);
    section = first;
    lines.push(`${indent}# ${key.doc.replaceAll('`', '')}`);
    const text = valueText(values.get(path), key.sensitive);
    lines.push(...`${second ?? first}:${text}`.split('\n').map((line) => indent + line));
  }
  return `${lines.join('\n')}\n`;
}

/** A text that may be a secret is always quoted, whatever it looks like; a list of sections has lines of its own. */
function valueText(value: unknown, sensitive: boolean): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.some(isSection)) {
    const list = stringify(value, { ...style, indentSeq: true }).trimEnd();
    return `\n${list.replaceAll(/^/gm, '  ')}`;
  }
  const quoted = sensitive ? { defaultStringType: 'QUOTE_SINGLE' as const } : {};
  return ` ${stringify(value, { ...style, ...quoted, collectionStyle: 'flow' }).trimEnd()}`;
}
