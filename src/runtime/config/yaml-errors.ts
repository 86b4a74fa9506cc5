import type { ErrorCode } from 'yaml';

// Not the words of the package: some of them quote the file, secrets included.
const words: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'a value that begins with * or & must be in quotes',
  BAD_DQ_ESCAPE: 'within double quotes, write \\ as \\\\, or put the text in single quotes',
  BAD_INDENT:
    'the lines are not indented alike, or a bracket is not closed; a text that begins with {, [ or # must be in quotes',
  BAD_SCALAR_START: 'a value that begins with @, %, ` or a comma must be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " stands on this line: put a text that contains ": " in quotes',
  DUPLICATE_KEY: 'this key is written twice; remove one of them',
  MISSING_CHAR:
    'a quote or a bracket is not closed, or a space is missing; a text that contains # or a quote must be in quotes',
  MULTILINE_IMPLICIT_KEY: 'a colon, or the space behind one, is missing on this line',
  MULTIPLE_DOCS: 'a second document begins here; keep one of them',
  NON_STRING_KEY: 'a key must be a word',
  RESOURCE_EXHAUSTION: 'too deep',
  TAB_AS_INDENT: 'a tab: indent with spaces',
  TAG_RESOLVE_FAILED: 'a value that begins with ! must be in quotes',
  UNEXPECTED_TOKEN: 'cannot be read here; a text with quotes, brackets, ": " or " #" in it must be in quotes',
};

/** Says what is wrong with a YAML file, and what to write, without quoting the file. */
export function explainYamlError(code: ErrorCode): string {
  return words[code] ?? 'cannot be read here; put texts with special characters in quotes';
}
