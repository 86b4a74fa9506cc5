import type { Config } from './schema.js';
import { isLoopback } from './rules.js';

/** Lists what is wrong with a combination of values that are each valid. */
export function checkTogether(config: Config): string[] {
  const { http, archive, dropbox, mqtt, broker } = config;
  const problems: string[] = [];
  if (!isLoopback(http.host)) {
    const why = `http.host is ${http.host}, which other machines can reach`;
    if (http.password === undefined) problems.push(`http.password: needed, because ${why}`);
    if (http.signing_secret === undefined) {
      problems.push(`http.signing_secret: needed, because ${why}; make one with: openssl rand -hex 32`);
    }
  }
  if (archive.kind === 'dropbox' && dropbox.access_token === undefined) {
    const missing = (['app_key', 'refresh_token'] as const).filter((name) => dropbox[name] === undefined);
    if (missing.length > 0) {
      const names = missing.map((name) => `dropbox.${name}`).join(' and ');
      problems.push(
        `${names}: needed for archive.kind dropbox (or dropbox.access_token); get them with: roomwatch login dropbox`,
      );
    }
  }
  // MQTT 3.1.1 §3.1.2.9
  if (broker.embedded && mqtt.password !== undefined && mqtt.username === undefined)
    problems.push('mqtt.username: needed along with mqtt.password, which the embedded broker then asks for');
  if (mqtt.cert !== undefined && mqtt.key === undefined) problems.push('mqtt.key: needed along with mqtt.cert');
  if (mqtt.key !== undefined && mqtt.cert === undefined) problems.push('mqtt.cert: needed along with mqtt.key');
  return problems;
}

/** Lists what is allowed but hardly intended. */
export function adviseOn(config: Config): string[] {
  const { http } = config;
  const weak = http.signing_secret !== undefined && http.signing_secret.length < 16;
  return weak ? ['http.signing_secret is short enough to be guessed; make one with: openssl rand -hex 32'] : [];
}
