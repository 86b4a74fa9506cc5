/** The text that replaces a secret. */
export const hidden = '[secret]';

/** Removes the credentials of URLs and the signatures of snapshot URLs from a text. */
export function withoutCredentials(text: string): string {
  return text
    .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/"'<>]*@/gi, `$1${hidden}@`)
    .replaceAll(/([?&](?:signature|access_token|refresh_token|code)=)[^\s&"'<>]+/gi, `$1${hidden}`);
}

/**
 * Makes a function that removes the given secrets from a text, JSON-encoded and URL-encoded ones included, and everything
 * that `withoutCredentials` removes. Secrets of less than eight characters stay: they could be ordinary words.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= 8)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length);
  const known = [...new Set(forms)];
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, hidden), withoutCredentials(text));
}
