/** The value of a JSON text; undefined where the text is not JSON (which no JSON text means). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The members of a JSON object; none where the text is anything else. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> {
  return { ...(Object(parseJson(text)) as Record<string, unknown>) };
}
