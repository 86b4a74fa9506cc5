import type { Config } from '../runtime/config/config.js';

type Broker = Pick<Config['mqtt'], 'url' | 'base_topic' | 'ca' | 'username' | 'password'>;

/** The command that prints every message of the program in a terminal. */
export function subscribeCommand({ url, base_topic, ca, username, password }: Broker): string {
  const { hostname, port, protocol, host } = new URL(url);
  if (!/^mqtts?:$/.test(protocol)) return `subscribe to ${base_topic}/# at ${host}`;
  const tls = protocol === 'mqtts:';
  const options = [
    ['-h', hostname, hostname === '127.0.0.1' || hostname === 'localhost'],
    ['-p', port, port === '' || port === '1883'],
    ['--cafile', ca ?? '/etc/ssl/certs/ca-certificates.crt', !tls],
    ['-u', username, username === undefined],
    ['-P', '…', password === undefined],
  ] as const;
  const needed = options.flatMap(([name, value, isDefault]) => (isDefault ? [] : [`${name} ${value}`]));
  if (tls && port === '') needed.push('-p 8883');
  return ['mosquitto_sub -v', ...needed, `-t '${base_topic}/#'`].join(' ');
}
