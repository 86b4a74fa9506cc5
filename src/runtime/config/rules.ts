import { checkArchivePattern, checkBasePath } from '../../domain/uploads/archive-path.js';
import { text, textChecked } from './formats.js';

/** A base topic: levels between slashes, none empty, without wildcards (MQTT 5 §4.7.1); `$…` is the broker's own. */
export const topic = text(
  'a topic without wildcards (+ #), without empty levels, neither beginning with / or $ nor ending with /',
  (value) =>
    !/[+#\u0000-\u001f]|^\$/.test(value) && value.length <= 200 && value.split('/').every((level) => level !== ''),
);

/** A name that stands alone between two slashes of a topic. */
export const shortName = text('a name: [a-z0-9][a-z0-9_-]{0,31}', (value) => /^[a-z0-9][a-z0-9_-]{0,31}$/.test(value));

/** Where a broker is. */
export const mqttUrl = text('a URL as mqtt://host:1883 or mqtts://host:8883', (value) =>
  isUrl(value, ['mqtt:', 'mqtts:', 'ws:', 'wss:']),
);

/** What snapshot URLs begin with. */
export const httpUrl = text(
  'a URL as http://pi.local:8080',
  (value) => isUrl(value, ['http:', 'https:']) && !/[?#]/.test(value),
);

/** A URL without a path. */
export const origin = text(
  'an origin as http://127.0.0.1:9000, without a path',
  (value) => isUrl(value, ['http:', 'https:']) && new URL(value).pathname === '/' && !/[?#]/.test(value),
);

/** How pictures are named in the archive. */
export const archivePattern = textChecked(checkArchivePattern);

/** A folder within Dropbox. */
export const dropboxFolder = textChecked(checkBasePath);

/** Whether only programs on this machine can reach what listens at a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return protocols.includes(url.protocol) && url.hostname !== '';
}
