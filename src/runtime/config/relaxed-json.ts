/** Whether a text is JSON, or YAML in its JSON-like form, perhaps after comments. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:(?:\/\/|#)[^\n]*\n\s*|\/\*(?:[^*]|\*(?!\/))*\*\/\s*)*\{/.test(text);
}

/**
 * Blanks what people write into JSON that YAML does not allow: comments from `//` or `/*`, and from `#` without a space
 * before it. Every other character keeps its place, so that positions stay right.
 */
export function withoutJsonComments(text: string): string {
  // A string in double or single quotes, or a comment where no value can go on (`mqtt://` is none).
  const token =
    /"(?:\\.|[^"\\\n])*"|(?<=[\s,{[:])'(?:''|[^'\n])*'|(?<=^|[\s,{}[\]"])(?:\/\/[^\n]*|\/\*[^]*?\*\/)|(?<=[,{}[\]"])#[^\n]*/gm;
  return text.replaceAll(token, (found) => (/^["']/.test(found) ? found : found.replaceAll(/[^\n]/g, ' ')));
}
