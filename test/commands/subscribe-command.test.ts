import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { subscribeCommand } from '../../src/commands/subscribe-command.js';
import { loadConfig } from '../../src/runtime/config/config.js';
import { secretsOf } from '../../src/runtime/config/secrets.js';
import { redactor } from '../../src/runtime/redact.js';

test('no secret of the trial configuration hides a word of the command that npm start shows', () => {
  const loaded = loadConfig({ file: fileURLToPath(new URL('../../config/try.yaml', import.meta.url)), env: {} });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const command = subscribeCommand({ ...loaded.config.mqtt, url: 'mqtt://127.0.0.1:1883' });
  expect(redactor(secretsOf(loaded.config))(command)).toBe("mosquitto_sub -v -t 'roomwatch/#'");
});

const broker = { base_topic: 'home', ca: undefined, username: 'me', password: 'secret' };
const cases = [
  ['mqtt://pi.local:1884', "mosquitto_sub -v -h pi.local -p 1884 -u me -P … -t 'home/#'"],
  ['mqtt://127.0.0.1:1884', "mosquitto_sub -v -p 1884 -u me -P … -t 'home/#'"],
  [
    'mqtts://pi.local',
    "mosquitto_sub -v -h pi.local --cafile /etc/ssl/certs/ca-certificates.crt -u me -P … -p 8883 -t 'home/#'",
  ],
  ['wss://pi.local/mqtt', 'subscribe to home/# at pi.local'],
] as const;
test.each(cases)('%s', (url, command) => {
  expect(subscribeCommand({ ...broker, url })).toBe(command);
});
