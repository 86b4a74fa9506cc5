import { adviseOnHost } from '../../domain/host-advice.js';
import { isInContainer } from '../files/in-container.js';

/**
 * Says why a connection failed and what to do about it.
 * @param host the broker's, if it could be the reason
 */
export function explain(cause: unknown, host?: string): string {
  const { code, message } = cause as NodeJS.ErrnoException & { code?: string | number };
  if (typeof code === 'number') return refusals[code] ?? message;
  const words = failures[code ?? ''] ?? message;
  const advice = host === undefined ? undefined : adviseOnHost(host, code ?? '', isInContainer());
  if (advice === undefined) return words;
  return words.endsWith('?') ? `${words} ${advice[0]?.toUpperCase()}${advice.slice(1)}` : `${words}: ${advice}`;
}

/** CONNACK codes: below 128 of MQTT 3.1.1 (§3.2.2.3), above of MQTT 5 (§3.2.2.2). */
const refusals: Readonly<Record<number, string>> = {
  1: 'the broker does not support this version of MQTT: set mqtt.protocol to 3.1.1 or 5, whichever it supports',
  2: 'the broker refuses the client id',
  4: 'the broker refuses mqtt.username or mqtt.password',
  5: 'the broker refuses the connection: check mqtt.username, mqtt.password and its access rules',
  132: 'the broker does not support MQTT 5: set mqtt.protocol to 3.1.1',
  133: 'the broker refuses the client id',
  134: 'the broker refuses mqtt.username or mqtt.password',
  135: 'the broker refuses the connection: check mqtt.username, mqtt.password and its access rules',
  138: 'the broker has banned this client',
};

const certificate = "the broker's certificate is not trusted: set mqtt.ca to the certificate file of its authority";
const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at mqtt.url: is the broker running?',
  ENOTFOUND: 'the host name in mqtt.url is unknown',
  EAI_AGAIN: 'the host name in mqtt.url cannot be looked up now',
  EHOSTUNREACH: 'the host in mqtt.url cannot be reached',
  ETIMEDOUT: 'the host in mqtt.url does not answer',
  SELF_SIGNED_CERT_IN_CHAIN: certificate,
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
  CERT_HAS_EXPIRED: "the broker's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the broker's certificate is for another host than the one in mqtt.url",
};
