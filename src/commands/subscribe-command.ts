import type { Config } from '../runtime/config/config.js';

/** The command that prints every message of the program, for a terminal. */
export function watchCommand(config: Config, brokerUrl: string): string {
  const url = new URL(brokerUrl);
  const { hostname, port } = url;
  if (!/^mqtts?:$/.test(url.protocol)) return `subscribe to ${config.mqtt.base_topic}/# at ${url.host}`;
  const secure = url.protocol === 'mqtts:';
  const options = [
    ['-h', hostname, isHere(hostname)],
    ['-p', port, port === '' || port === '1883'],
    ['--cafile', config.mqtt.ca ?? '/etc/ssl/certs/ca-certificates.crt', !secure],
    ['-u', config.mqtt.username, config.mqtt.username === undefined || config.broker.embedded],
    ['-P', '…', config.mqtt.password === undefined || config.broker.embedded],
  ] as const;
  const needed = options.flatMap(([name, value, usual]) => (usual ? [] : [`${name} ${value}`]));
  if (secure && port === '') needed.push('-p 8883');
  return ['mosquitto_sub -v', ...needed, `-t '${config.mqtt.base_topic}/#'`].join(' ');
}

function isHere(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost';
}
