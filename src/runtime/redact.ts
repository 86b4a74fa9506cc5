import { encodePart, hasLoneSurrogate } from './address.js';

/** The text that replaces a secret. */
export const hidden = '[secret]';

// Names of parameters that hold a login: `pwd=`, `access_token=`, `loginpas=`.
const anyPrefix =
  'user(?:name)?|usr|pass(?:word|wd|phrase|code|wort)?|pwd|pswd|token|auth|key|secret|signature|credentials?';
const exact = 'u|p|pw|psw|sid|sig|code|session(?:id)?|login(?:use|pas)?|account|authorization';
/** `\\.` is a character that JSON escapes: its end must not be lost. */
const word = String.raw`(?:\\.|[^&\s"<>\\])`;
// What follows without a name is the rest of a password with an ampersand: `pwd=one&two&channel=1`.
const value = String.raw`(?:\[secret\]|${word}*)(?:&(?![^&=\s"<>\\]*=)${word}+)*`;
// In `/user=admin_password=…_channel=1` a value ends where the next name begins.
const valueInPath = String.raw`\[secret\]|(?:\\.|(?!_[a-z0-9]+=|[&?][^&?=_\s"<>\\]*=)[^\s"<>\\])*`;
// With a slash only behind a colon that no port follows: `rtsp://cam:a/b@h`, but not `http://h/a@b.jpg`.
const login = /((?<![a-z])[a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s/"<>:@]*:(?!\d+(?:[/?#\s"]|$))[^\s"<>]*|[^\s/"<>]*)@/gi;
/** An address within a parameter of another, percent-encoded. */
const innerLogin = /(%3A%2F%2F)(?:(?!%40)[^&\s"<>])*%40/gi;
const parameters = [
  new RegExp(String.raw`([?&;](?:(?:[\w.-]*?(?:${anyPrefix}))|${exact})=)(${value})`, 'gi'),
  new RegExp(
    String.raw`((?:[/,!](?:[\w.-]*?(?:${anyPrefix})|${exact})|_(?:[a-z0-9]*?(?:${anyPrefix})|${exact}))=)(${valueInPath})`,
    'gi',
  ),
  // `/token/…/video`
  new RegExp(String.raw`(://[^\s"<>]*?/(?:token|secret|api_?key|password|passwd|pwd)/)([^/?&\s"<>\\]+)`, 'gi'),
];

/** Removes the credentials of addresses and the signatures of snapshot URLs from a text. */
export function withoutCredentials(text: string): string {
  const withoutLogins = text.replaceAll(login, `$1${hidden}@`).replaceAll(innerLogin, `$1${hidden}%40`);
  return parameters.reduce(
    (rest, pattern) => rest.replaceAll(pattern, (_all, name: string) => `${name}${hidden}`),
    withoutLogins,
  );
}

/** Lists the secrets among the parameters of an address (its query and its path), as written and decoded. */
export function parametersToHide(address: string): string[] {
  const found = parameters.flatMap((pattern) =>
    [...address.matchAll(pattern)]
      .filter(([, name = '']) => !/(?:user(?:name)?|usr|login(?:use)?|account|\bu)=$/i.test(name))
      .flatMap(([, , written = '']) => [written, written.split('/')[0] ?? '']),
  );
  const inner = [...address.slice(address.indexOf('//') + 2).matchAll(/:\/\/[^:@\s]*:([^@\s]+)@/g)];
  found.push(...inner.map(([, password = '']) => password));
  return [...new Set(found.flatMap((one) => [one, decoded(one)]))].filter((one) => one !== '');
}

/**
 * Makes a function that removes the given secrets from a text, JSON-encoded and URL-encoded ones included, and everything
 * that `withoutCredentials` removes. Secrets of less than eight characters are not searched for, since they could be
 * ordinary words: in an address they are removed by their position.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= 8)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), ...encodedForms(secret)])
    .sort((a, b) => b.length - a.length);
  const known = [...new Set(forms)];
  // Addresses first: a secret that is replaced within one could hide where its login ends.
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, hidden), withoutCredentials(text));
}

function encodedForms(secret: string): string[] {
  return hasLoneSurrogate(secret) ? [] : [encodeURIComponent(secret), encodePart(secret)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
