/** The value of a JSON text; undefined where the text is not JSON (which no JSON text means). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the value of a JSON text is an object, rather than a list, a text, a number or null. */
export function isJsonObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The members of a JSON object; none where the text is anything else. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> {
  return { ...(Object(parseJson(text)) as Record<string, unknown>) };
}
