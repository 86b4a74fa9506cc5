import { LineCounter, parseDocument, type Document } from 'yaml';
import { parseJson } from '../../domain/contract/read-json.js';
import { looksLikeJson, withoutJsonComments } from './relaxed-json.js';
import { isSection, type Section } from './section.js';
import { explainYamlError } from './yaml-errors.js';
import { findMissingSpaces, findMistakes, findUnquoted, type Mistake } from './yaml-mistakes.js';

/**
 * The content of a configuration file, or every reason why it cannot be read. A mistake concerns one value: something that
 * is valid YAML, but hardly what the user means.
 */
export type ConfigContent =
  | { readonly tree: Section; readonly mistakes: readonly NamedMistake[]; readonly unspaced: readonly string[] }
  | { readonly problems: readonly string[] };

/** The path of the key, and the problem with file, line and column. */
export type NamedMistake = { readonly key: string; readonly problem: string };

/**
 * Reads the text of a YAML or JSON file; the content shows which of the two it is. JSON may have comments and trailing
 * commas. Never throws. A problem names line and column and what to write, and quotes nothing but names of known keys.
 */
export function parseConfigText(text: string, path: string): ConfigContent {
  const lines = new LineCounter();
  const json = looksLikeJson(text);
  const source = json ? withoutJsonComments(text) : text;
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const misread = /[\ufffd\0]/.exec(text);
  if (misread !== null) {
    return { problems: [`${path}: is not UTF-8 text: save it as UTF-8, without umlauts of another encoding`] };
  }
  const name = (mistake: Mistake): NamedMistake => ({
    key: mistake.key,
    problem: `${path}, ${at(mistake.offset)}: ${mistake.key}: ${mistake.problem}`,
  });
  try {
    const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error', merge: true });
    const unspaced = findMissingSpaces(source).map((mistake) => name(mistake).problem);
    const errors = [...document.errors, ...document.warnings.filter(({ code }) => code === 'BAD_DIRECTIVE')];
    if (errors.length > 0 && json) {
      const strict = parseJson(source);
      if (isSection(strict)) return { tree: strict, mistakes: [], unspaced: [] };
    }
    if (errors.length > 0 && unspaced.length > 0) return { problems: unspaced };
    const [first] = errors;
    if (first !== undefined) {
      const kind = json && path.endsWith('.json') ? 'JSON' : 'YAML';
      return { problems: [`${path}: is not ${kind}: ${at(first.pos[0])}: ${explainYamlError(first.code)}`] };
    }
    const found = findMistakes(document, source);
    if (json && path.endsWith('.json')) found.fatal.push(...findUnquoted(document));
    if (found.fatal.length > 0) return { problems: found.fatal.map((mistake) => name(mistake).problem) };
    const tree = toTree(document);
    if (isSection(tree)) return { tree, mistakes: found.mistakes.map(name), unspaced };
    if (unspaced.length > 0) return { problems: unspaced };
    return { problems: [`${path}: must hold keys and values, as in "room: kitchen"`] };
  } catch {
    // Too deep for the parser, or aliases that would fill the memory. The message could quote the file.
    return { problems: [`${path}: is not YAML: it is too deep, or its references (& and *) cannot be resolved`] };
  }
}

function toTree(document: Document): unknown {
  return document.toJS({ maxAliasCount: 100 }) ?? {};
}
