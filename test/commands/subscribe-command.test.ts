import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/runtime/config/config.js';
import { secretsOf } from '../../src/runtime/config/secrets.js';
import { redactor } from '../../src/runtime/redact.js';
import { watchCommand } from '../../src/commands/subscribe-command.js';

test('what npm start tells a newcomer to type stands in the log as it is: no secret of its own hides a word of it', () => {
  const loaded = loadConfig({ file: fileURLToPath(new URL('../../config/try.yaml', import.meta.url)), env: {} });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const command = watchCommand(loaded.config, 'mqtt://127.0.0.1:1883');
  expect(redactor(secretsOf(loaded.config))(command)).toBe("mosquitto_sub -v -t 'roomwatch/#'");
});
