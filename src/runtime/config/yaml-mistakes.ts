import { isAlias, isMap, isPair, isScalar, isSeq, visit, type Document, type Node, type Pair } from 'yaml';
import { hasPlaceholder } from '../address.js';
import { configKeys, isSectionName } from './keys.js';
import { meaningInTutorial } from './tutorial.js';
import { variableOf } from './variables.js';

/** Something that YAML allows, but that hardly means what the user wrote. */
export type Mistake = {
  /** the path of a known key or section, or `the file` */
  readonly key: string;
  /** where in the text */
  readonly offset: number;
  readonly problem: string;
};

const wellKnownTags: Readonly<Record<string, string>> = {
  '!secret': "!secret is Home Assistant's and has no meaning here",
  '!env_var': '!env_var has no meaning here',
  '!env': '!env has no meaning here',
  '!include': '!include has no meaning here',
};
const unspaced = 'a space is missing behind the colon';
const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|merge)$/;

/**
 * Finds values that are hardly meant: tags, references as secrets, numbers and dates for texts, comments where a value is
 * expected, places that nothing fills in. `fatal` ones make the whole file useless.
 */
export function findMistakes(document: Document, text: string): { fatal: Mistake[]; mistakes: Mistake[] } {
  const fatal: Mistake[] = [];
  const mistakes: Mistake[] = [];
  const visitNode = (node: unknown, path: string, keyEnd: number): void => {
    if (!isNode(node)) return;
    const offset = path !== '' && keyEnd > 0 ? startOfValue(node, text, keyEnd) : (node.range?.[0] ?? 0);
    const problem = mistakeIn(document, node, path, text, keyEnd);
    if (problem?.fatal === true) fatal.push({ key: nameOf(path), offset, problem: problem.words });
    else if (problem !== undefined) mistakes.push({ key: nameOf(path), offset, problem: problem.words });
    if (isSeq(node)) node.items.forEach((item) => visitNode(item, '', offset));
    if (isMap(node)) node.items.forEach((item) => isPair(item) && visitPair(item, path));
  };
  const visitPair = ({ key, value }: Pair, path: string): void => {
    const keyNode = isNode(key) ? key : undefined;
    const [offset = 0, end = 0] = keyNode?.range ?? [];
    if (
      !isScalar(keyNode) ||
      (keyNode.tag !== undefined && !coreTag.test(keyNode.tag)) ||
      keyNode.anchor !== undefined
    ) {
      return void fatal.push({ key: 'the file', offset, problem: 'a key must be a plain word' });
    }
    const name = String(keyNode.value);
    const at = path === '' ? (meaningInTutorial(name) ?? name) : `${path}.${name}`;
    const colon = name.indexOf(':');
    if (value === null && colon >= 0) {
      return void fatal.push({ key: 'the file', offset: offset + colon + 1, problem: unspaced });
    }
    visitNode(value, at, end);
  };
  visitNode(document.contents, '', 0);
  return { fatal, mistakes };
}

/** The name of a secret within a text: its line was indented too far, or had no space behind the colon. */
const keyWithin = new RegExp(
  String.raw`(?:^|[\s{,"'])(${[...configKeys].flatMap(([path, { sensitive }]) => (sensitive ? [path.split('.').at(-1)] : [])).join('|')})["']?[ \t]*:`,
);

type Found = { readonly words: string; readonly fatal?: boolean } | undefined;

function mistakeIn(document: Document, node: Node, path: string, text: string, keyEnd: number): Found {
  const key = configKeys.get(path);
  const quote = `put it in quotes${orElsewhere(path)}`;
  const tag = isAlias(node) ? undefined : node.tag;
  if (tag !== undefined && !coreTag.test(tag)) {
    return {
      words: `${wellKnownTags[tag] ?? 'a value that begins with ! is a tag in YAML'}: ${tag in wellKnownTags ? `write the value itself, in quotes${orElsewhere(path)}` : quote}`,
    };
  }
  if (isAlias(node)) {
    const source = node.resolve(document);
    if (source === undefined) {
      return {
        words: `a value that begins with * is a reference in YAML, and this one refers to nothing: ${quote}`,
        fatal: true,
      };
    }
    if (key?.sensitive === true) return { words: `a value that begins with * is a reference in YAML: ${quote}` };
    const [from = 0, , to = 0] = source.range ?? [];
    const here = node.range?.[0] ?? 0;
    return from <= here && here < to ? { words: 'refers to itself', fatal: true } : undefined;
  }
  if (key === undefined) return undefined;
  if (key.sensitive && node.anchor !== undefined)
    return { words: `a value that begins with & is an anchor in YAML: ${quote}` };
  if (!isScalar(node) || !key.isText || tag !== undefined) return undefined;
  const { value, type = 'PLAIN', source = '' } = node;
  const swallowed = type.startsWith('QUOTE') ? undefined : keyWithin.exec(String(value))?.[1];
  if (swallowed !== undefined) {
    return {
      words: `${swallowed} would be a part of this text: write it on its own line, with a space behind the colon`,
    };
  }
  if (value === null && /^[ \t]*:[ \t]+#\S/.test(text.slice(keyEnd))) {
    return { words: `what begins with # is a comment in YAML: ${quote}` };
  }
  const isName = key.sensitive || path.endsWith('.username');
  if (isName && type === 'PLAIN' && /^[ \t]+#\S/.test(text.slice(node.range?.[1]))) {
    return { words: `what follows " #" is a comment in YAML: put the whole value in quotes, or a space behind the #` };
  }
  if (key.sensitive && typeof value === 'string' && isOnlyPlaceholder(value)) {
    return { words: `a place such as {PASSWORD}, which nothing fills in: write the value itself${orElsewhere(path)}` };
  }
  const kind = type === 'PLAIN' ? kindOf(value, source) : undefined;
  return kind === undefined ? undefined : { words: `${kind} for YAML, where a text is meant: ${quote}` };
}

/** An address has its own check, which knows where the placeholder stands. */
function isOnlyPlaceholder(value: string): boolean {
  return hasPlaceholder(value) && (/^\s*\$?\{.*\}\s*$/s.test(value) || value.includes('://'));
}

function kindOf(value: unknown, source: string): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  if (typeof value === 'boolean' || /^(?:on|off|yes|no)$/i.test(source)) return 'true or false';
  if (/^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$/.test(source)) return 'a date';
  return /^\d+(?::[0-5]?\d)+(?:\.\d*)?$/.test(source) ? 'a time' : undefined;
}

function orElsewhere(path: string): string {
  return configKeys.get(path)?.sensitive === true ? `, or use ${variableOf(path)}_FILE` : '';
}

function nameOf(path: string): string {
  return configKeys.has(path) || isSectionName(path) ? path : 'the file';
}

const lastNames = [...configKeys.keys()].flatMap((path) => path.split('.'));

/** Finds lines such as `room:hall`, which are no key and value. */
export function findMissingSpaces(text: string): Mistake[] {
  const lines = new RegExp(
    String.raw`(?<=^|[{,])[ \t]*(?:- +)?((?:${[...new Set(lastNames)].join('|')}):)[^\s:/]`,
    'gm',
  );
  return [...text.matchAll(lines)].map((found) => ({
    key: (found[1] ?? '').slice(0, -1),
    offset: found.index + found[0].length - 1,
    problem: unspaced,
  }));
}

/** Finds texts without quotes in JSON: with a quote at one end only, they would be taken with it. */
export function findUnquoted(document: Document): Mistake[] {
  const found: Mistake[] = [];
  visit(document, {
    Scalar(_key, { type, value, range }) {
      const [offset = 0] = range ?? [];
      if (type === 'PLAIN' && typeof value === 'string') {
        found.push({ key: 'the file', offset, problem: 'a text must be in double quotes' });
      }
    },
  });
  return found;
}

/** Where the value is written, with its tag or anchor; or the comment in its place. */
function startOfValue(node: Node, text: string, keyEnd: number): number {
  const between = /^[ \t]*:[ \t]+(?=\S)/.exec(text.slice(keyEnd))?.[0];
  return between === undefined ? (node.range?.[0] ?? keyEnd) : keyEnd + between.length;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}
