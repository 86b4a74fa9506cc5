/** What stands in the place of a secret. */
export const hidden = '[secret]';

/** Text without the credentials of URLs and without the signatures of snapshot URLs. */
export function withoutCredentials(text: string): string {
  return text
    .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/"'<>]*@/gi, `$1${hidden}@`)
    .replaceAll(/([?&](?:signature|access_token|refresh_token|code)=)[^\s&"'<>]+/gi, `$1${hidden}`);
}

/**
 * A function that takes the given secrets out of any text, also where they stand JSON-encoded in it, besides what
 * `withoutCredentials` takes out. Secrets under eight characters are left: they would blacken ordinary words.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= 8)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length);
  const known = [...new Set(forms)];
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, hidden), withoutCredentials(text));
}
