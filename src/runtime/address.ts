/** An address as libav and mqtt.js read it: everything special in the user name and the password is percent-encoded. */
export type Address = {
  readonly href: string;
  /** as the server expects it, not encoded; undefined if the address has none */
  readonly password: string | undefined;
};

/** Reads `scheme:` and the rest behind `//`. */
const pattern = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;
/** These name a place to receive from, or a file; they have no user name. */
const withoutLogin = /^(?:file|udp|tcp|rtp|srt)$/i;
const server = /^(?:\[[0-9a-f:.]+\]|[^\s@:/?#[\]\\<>^|%"'`{}]+)(?::\d{1,5})?(?=[/?#]|$)/i;
/** A host name that cannot be a part of a password as people choose them. */
const certainlyHost = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\]|localhost|[\w.-]+\.local)(?::\d+)?$/i;
const fileName = /\.(?:jpe?g|png|gif|webp|bmp|mp4|mkv|avi|mov|mjpe?g|ts|sdp|cgi|m3u8)$/i;
/** A place that another program fills in: `{FRIGATE_PASSWORD}`, `${CAM_PW}`, `{{ password }}`. */
const placeholder = /\$\{[^}]*\}|\{\{.*\}\}|\{(?:[A-Z][A-Z0-9_]+|[a-z]+_[a-z0-9_]+)\}/i;

const advice = '# is %23, / is %2F, ? is %3F, @ is %40, % is %25';

/** Whether a text is, or is meant as, an address with a scheme rather than a file or a device. */
export function isAddress(text: string): boolean {
  return pattern.test(text.trim());
}

/** Whether a text holds a place that another program would fill in, such as `{CAMERA_PASSWORD}`. */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(text);
}

/**
 * Reads an address as people write it. A password may have its special characters as typed or percent-encoded; the user
 * name and the password end at the last @ before the host. If two readings are possible, or none, the problem says what to
 * write. It never quotes the address.
 */
export function readAddress(text: string): Address | { readonly problem: string } {
  const trimmed = text.trim();
  const [, scheme = '', rest = ''] = pattern.exec(trimmed) ?? [];
  if (scheme === '') return { problem: misspelt(trimmed) };
  if (hasControl(trimmed)) return { problem: 'must not have a line break or another control character' };
  if (hasLoneSurrogate(trimmed)) return { problem: 'must be valid Unicode text' };
  if (/\s[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return { problem: 'must be one address, not two' };
  if (hasPlaceholder(trimmed)) {
    return { problem: 'has a place such as {PASSWORD}, which nothing fills in: write the value itself ({ is %7B)' };
  }
  if (withoutLogin.test(scheme)) return readPlain(scheme, rest);
  const start = findServer(rest);
  if (typeof start !== 'number') return start;
  const login = start === 0 ? '' : rest.slice(0, start - 1);
  const encoded = encodeLogin(login);
  if ('problem' in encoded) return encoded;
  const href = `${scheme.toLowerCase()}://${encoded.login}${encodeBlanks(rest.slice(start))}`;
  if (!URL.canParse(href)) return { problem: noAddress };
  return { href, password: encoded.password };
}

const noAddress = `must be an address, scheme://user:password@host:port/path; in the user name and the password, ${advice}`;
const ambiguous =
  'can be read in two ways: an @ follows the path. ' +
  `In the user name and the password, ${advice}; in the path, @ is %40`;

function misspelt(text: string): string {
  if (/^["'].*["']$/s.test(text)) return 'must be without the quotes around it (an env file for Docker keeps them)';
  return 'looks like an address, but does not begin with rtsp://, http://, mqtt:// or the like; for a file, write ./ before its name';
}

function readPlain(scheme: string, rest: string): Address | { readonly problem: string } {
  const href = `${scheme.toLowerCase()}://${rest}`;
  if (scheme.toLowerCase() !== 'file' && !URL.canParse(href)) {
    return { problem: `must name a host and a port, as in ${scheme.toLowerCase()}://0.0.0.0:5000` };
  }
  return { href, password: undefined };
}

type Candidate = { readonly start: number; readonly host: string };

/** Finds where host and port begin, which is behind the user name and the password. */
function findServer(rest: string): number | { readonly problem: string } {
  const authority = rest.slice(0, rest.search(/[/?#]|$/));
  const usual = authority.lastIndexOf('@') + 1;
  const starts = [0, ...[...rest.matchAll(/@/g)].map(({ index }) => index + 1)];
  const found = starts.flatMap((start) => {
    const host = server.exec(rest.slice(start))?.[0];
    return host === undefined || isNoLogin(rest.slice(0, start - 1), start) ? [] : [{ start, host }];
  });
  const candidates = found.filter(({ start, host }) => start === usual || !fileName.test(host));
  return choose(candidates, usual);
}

/** A user name without a password has no slash in it. */
function isNoLogin(login: string, start: number): boolean {
  return start > 0 && /^[^:]*[/?#]/.test(login);
}

function choose(candidates: readonly Candidate[], usual: number): number | { readonly problem: string } {
  const [first] = candidates;
  if (first === undefined) return { problem: noAddress };
  if (candidates.length === 1) return first.start;
  const sure = candidates.filter(({ host }) => certainlyHost.test(host));
  const standard = candidates.find(({ start }) => start === usual);
  // A reading by RFC 3986 wins only over one that is most unlikely: the other one would show a password as a host name.
  if (standard !== undefined) return sure.includes(standard) ? standard.start : { problem: ambiguous };
  return sure.length === 1 && sure[0] !== undefined ? sure[0].start : { problem: ambiguous };
}

function encodeLogin(login: string): { login: string; password: string | undefined } | { readonly problem: string } {
  if (login === '') return { login: '', password: undefined };
  const colon = login.indexOf(':');
  const user = decodePart(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? undefined : decodePart(login.slice(colon + 1));
  if (user === undefined || (colon >= 0 && password === undefined)) {
    return { problem: 'has a % that can be read in two ways: in the user name and the password, write % as %25' };
  }
  if (hasControl(user + (password ?? ''))) {
    return { problem: 'must not have a control character in the user name or the password' };
  }
  const after = password === undefined ? '' : `:${encodePart(password)}`;
  return { login: `${encodePart(user)}${after}@`, password };
}

/** A % that begins no escape stands for itself, unless there are escapes, too. */
function decodePart(part: string): string | undefined {
  const alone = /%(?![0-9a-f]{2})/i.test(part);
  if (alone) return /%[0-9a-f]{2}/i.test(part) ? undefined : part;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** Half a character of UTF-16, which no encoding can express. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Percent-encodes a user name or a password, quotes included. */
export function encodePart(part: string): string {
  return encodeURIComponent(part).replaceAll("'", '%27');
}

/** Puts a user name and a password into an address that has none. */
export function addLogin(address: string, username: string, password: string): string {
  return address.replace('://', () => `://${encodePart(username)}:${encodePart(password)}@`);
}

/** As browsers do: with these characters, the request line of HTTP or RTSP would be broken. */
function encodeBlanks(tail: string): string {
  return tail.replaceAll(/[\s"<>]/gu, (one) => encodeURIComponent(one));
}
