import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { parseConfigText } from '../../../src/runtime/config/config-text.js';
import { redactedConfig, secretsOf } from '../../../src/runtime/config/secrets.js';
import { redactor } from '../../../src/runtime/redact.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const runs = Number(process.env['ROOMWATCH_PROPERTY_RUNS'] ?? 2000);

/** Appears in no text of the program. */
const marker = 'zQ7xK';
const odd = [
  '%',
  '#',
  '/',
  '?',
  '@',
  ':',
  ' ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  '\\',
  'ü',
  '€',
  '!',
  '&',
  '*',
  ',',
  '-',
  '|',
];
const secret = fc
  .array(fc.constantFrom(...odd, '%25', '12', 'a', ' #', ': ', '\t', '🔑', '`', '>', '$', '\0', '\ud800'), {
    maxLength: 4,
  })
  .map((parts) => ({ before: parts.slice(0, 2).join(''), after: parts.slice(2).join('') }))
  .map(({ before, after }) => `${before}${marker}${after}`);

const styles = [
  (text: string) => text,
  (text: string) => `"${text}"`,
  (text: string) => `'${text}'`,
  (text: string) => JSON.stringify(text),
  (text: string) => `!secret ${text}`,
  (text: string) => `!${text}`,
  (text: string) => `&${text}`,
  (text: string) => `*${text}`,
  (text: string) => `#${text}`,
  (text: string) => `x #${text}`,
  (text: string) => `[${text}]`,
  (text: string) => `{${text}}`,
  (text: string) => `|\n    ${text}`,
  (text: string) => `>-\n    ${text}\n    ${text}`,
  (text: string) => `{${text}: ${text}}`,
  (text: string) => `<<: ${text}`,
];
const addresses = [
  (text: string) => `rtsp://cam:${text}@10.0.0.7:554/s1`,
  (text: string) => `mqtts://${text}:${text}@hub/`,
  (text: string) => `http://h/v.cgi?user=a&pwd=${text}&x=1`,
  (text: string) => `rtsp://h/user=admin_password=${text}_channel=1_stream=0.sdp`,
  (text: string) => `cam:${text}@10.0.0.7/s1`,
  (text: string) => `mqtt//me:${text}@hub`,
];

const secretLine = fc
  .tuple(
    fc.constantFrom(
      'mqtt.password',
      'http.password',
      'http.signing_secret',
      'dropbox.refresh_token',
      'mqtt.url',
      'camera.source',
    ),
    secret,
    fc.constantFrom(...styles),
    fc.constantFrom(...addresses),
    fc.constantFrom(': ', ':', ':\t', ' : ', ':  ', ' '),
  )
  .map(([path, text, style, address, colon]) => {
    const [section = '', key = ''] = path.split('.');
    const isAddress = /url|source/.test(key);
    return { section, line: `${key}${colon}${style(isAddress ? address(text) : text)}` };
  });

const plainLine = fc.constantFrom(
  'room: hall',
  'room: 101',
  'camera: {fps: 3}',
  '# a comment',
  '---',
  '- a',
  '\t',
  'snapshots: &a {keep_hours: 1}',
  'motion: *a',
  '<<: *a',
  'use_dropbox: false',
  'dropbox_secret: x',
  '"show_video": false,',
  '{',
  '}',
  ']',
  '"',
  "'",
  '%YAML 1.2',
  '? [a]',
  'log: {level: off}',
);

const lines = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: plainLine },
    {
      weight: 3,
      arbitrary: fc
        .tuple(secretLine, fc.constantFrom('  ', '', '\t', ' ', '      '))
        .map(([{ section, line }, indent]) => `${section}:\n${indent}${line}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(secretLine, { maxLength: 3 })
        .map((all) => `{"mqtt": {${all.map(({ line }) => line).join(', ')}}}`),
    },
  ),
  { maxLength: 5 },
);

const files = fc
  .tuple(
    lines,
    fc.constantFrom('\n', '\r\n', '\n\n', ' '),
    fc.constantFrom('', '\ufeff', '{', ' '),
    fc.nat(400),
    fc.nat(8),
  )
  .map(([all, end, start, at, cut]) => {
    const text = start + all.join(end) + end;
    // Half of the files lose some characters, or get a strange one.
    return cut < 5 ? text : `${text.slice(0, at)}${cut === 5 ? '\0' : ''}${text.slice(at + (cut - 5))}`;
  });

test(`no text crashes the program, and no message shows a secret (${runs} files)`, () => {
  const folder = temporaryFolder();
  const outcomes = { loaded: 0, refused: 0 };
  fc.assert(
    fc.property(files, fc.constantFrom('conf.yaml', 'conf.json'), (text, name) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      const loaded = loadConfig({ file, env: {} });
      const messages = 'problems' in loaded ? loaded.problems : loaded.warnings;
      expect(messages.join('\n').replaceAll(folder, '')).not.toContain(marker);
      if ('problems' in loaded) {
        outcomes.refused++;
        expect(loaded.problems.length).toBeGreaterThan(0);
        return;
      }
      outcomes.loaded++;
      const { config } = loaded;
      expect(JSON.stringify(redactedConfig(config))).not.toContain(marker);
      const log = redactor(secretsOf(config));
      expect(log(`${config.camera.source} ${config.mqtt.url} ${JSON.stringify(config.camera)}`)).not.toContain(marker);
    }),
    { numRuns: runs },
  );
  // Neither of the two is rare.
  expect(Math.min(outcomes.loaded, outcomes.refused)).toBeGreaterThan(runs / 50);
}, 300_000);

test('any characters are read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('a.yaml', 'a.json'), (text, name) => {
      const content = parseConfigText(text, name);
      expect('tree' in content || content.problems.length > 0).toBe(true);
    }),
    { numRuns: runs },
  );
});
