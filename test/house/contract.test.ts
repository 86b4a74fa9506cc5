import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as messages from '../../src/domain/contract/messages.js';
import type { Message } from '../../src/domain/contract/messages.js';
import * as payloads from '../../src/domain/contract/payloads.js';
import { roomTopics, uploaderTopics, zoneTopic } from '../../src/domain/contract/topics.js';
import { discoveryTopic } from '../../src/domain/home-assistant/ids.js';
import { configKeys } from '../../src/runtime/config/keys.js';
import { sampleClip } from '../../src/runtime/config/schema.js';
import { sourceFiles } from '../support/source-tree.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/contract.md'), 'utf8');
const planned = '**0.2**';
const wholePage = new Set(quoted(page));

/** The text of a chapter, from its heading to the next one of any level: `2.` or `3.1`. */
function chapter(number: string): string {
  const heading = number.endsWith('.') ? `## ${number} ` : `${number} `;
  const [, after = ''] = page.split(`\n${heading}`);
  return after.split(/\n(?:## |3\.\d )/)[0] ?? '';
}

/** The rows of the table in a chapter, cell by cell, without its head. */
function rowsOf(number: string): readonly (readonly string[])[] {
  const lines = chapter(number).split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

/** The words between backticks. */
function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]*)`/g)].map(([, word = '']) => word);
}

test('the topics of §2 are those of the code, and each is published as its row says', () => {
  const room = topicsOfRoom();
  const uploader = uploaderTopics('<base>', '<name>');
  const known = [...Object.values(room), ...Object.values(uploader), discoveryTopic('homeassistant', '<id>')];
  const rows = rowsOf('2.').map(([topic = '', , qos, retained = '', payload = '']) => ({
    topic: quoted(topic)[0] ?? '',
    ways: `QoS ${qos}, ${/^yes/.test(retained) ? 'retained' : 'not retained'}`,
    planned: payload.includes(planned),
  }));
  const published = publishedTopics();
  const differences = [
    ...known.filter((topic) => !rows.some((row) => row.topic === topic)).map((topic) => `not in the table: ${topic}`),
    ...rows
      .filter((row) => !known.includes(row.topic) && !row.planned && row.topic !== 'homeassistant/status')
      .map((row) => `neither in the code nor marked 0.2: ${row.topic}`),
    ...rows
      .filter((row) => (published.get(row.topic) ?? row.ways) !== row.ways)
      .map((row) => `${row.topic}: ${row.ways} in the table, ${published.get(row.topic)} in the code`),
  ];
  expect(differences).toEqual([]);
  const received = [room.settingsSet, room.command];
  const silent = [...Object.values(room), ...Object.values(uploader)].filter((topic) => !published.has(topic));
  expect(silent).toEqual(received);
});

/** A zone's topic in place of the beginning that all zones have in common. */
function topicsOfRoom() {
  const { zones, ...others } = roomTopics('<base>', '<room>');
  return { ...others, zone: zoneTopic({ zones }, '<zone>') };
}

/** How each topic is published: by the messages of the domain, and by calls of the MQTT client in the compositions. */
function publishedTopics(): ReadonlyMap<string, string> {
  const room = topicsOfRoom();
  const uploader = uploaderTopics('<base>', '<name>');
  const topics = roomTopics('<base>', '<room>');
  const none = undefined as never;
  const made: readonly Message[] = [
    messages.availabilityMessage('online', topics),
    messages.statusMessage(none, topics),
    messages.zoneMessage({ zone: '<zone>' } as payloads.ZoneStatus, topics),
    messages.settingsMessage(none, topics),
    messages.pageAddressMessage(none, topics),
    messages.healthMessage(none, topics),
    messages.effectMessage({ kind: 'motion', event: none }, topics),
    messages.receiptMessage(none, topics),
  ];
  const ways = made.map(({ topic, qos, retain }) => [topic, wayOf(qos, retain)] as const);
  // `availability` is the client's own: it publishes the uploader's as it does the detector's.
  const calls = sourceFiles('src').flatMap(({ path, tree }) =>
    clientCalls(tree).map(({ method, member }) => {
      const topics: Readonly<Record<string, string>> = path.startsWith('src/uploader/')
        ? { ...uploader, upload: room.upload }
        : room;
      return [topics[member] ?? member, clientWays[method] ?? method] as const;
    }),
  );
  return new Map([...calls, ...ways, [uploader.availability, wayOf(1, true)]]);
}

/** The promises of `MqttClient`, which its own tests hold it to. */
const clientWays: Readonly<Record<string, string>> = {
  publishState: wayOf(1, true),
  publishEvent: wayOf(1, false),
  deliver: wayOf(1, false),
  publishReading: wayOf(0, false),
  publishPicture: wayOf(0, true),
};

/** Calls such as `mqtt.publishState(topics.status, …)` or `mqtt.deliver(roomTopics(…).upload, …)`. */
function clientCalls(tree: ts.SourceFile): readonly { readonly method: string; readonly member: string }[] {
  const found: { method: string; member: string }[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const method = node.expression.name.text;
    const [topic] = node.arguments;
    if (!(method in clientWays) || topic === undefined || !ts.isPropertyAccessExpression(topic)) return;
    if (/topics/i.test(topic.expression.getText(tree))) found.push({ method, member: topic.name.text });
  };
  visit(tree);
  return found;
}

function wayOf(qos: 0 | 1, retain: boolean): string {
  return `QoS ${qos}, ${retain ? 'retained' : 'not retained'}`;
}

const schemas = [
  ['3.1', [payloads.roomStatus]],
  ['3.2', payloads.motionEvent.options],
  ['3.3', [payloads.snapshotReceipt]],
  ['3.4', [payloads.uploadResult]],
  ['3.5', [payloads.uploaderStatus]],
  ['3.6', [payloads.liveSettings]],
  ['3.7', [payloads.health]],
] as const;

test.each(schemas)('the members of §%s are those of the schema, or marked 0.2', (number, parts) => {
  const text = chapter(number);
  const [sample = '', described = ''] = /```json\n([\s\S]*?)```([\s\S]*)/.exec(text)?.slice(1) ?? [];
  const example = JSON.parse(sample) as Readonly<Record<string, unknown>>;
  const isPlanned = (member: string) =>
    described.split(/(?<=[.;]) /).some((sentence) => sentence.includes(`\`${member}\``) && sentence.includes(planned));
  const inCode = new Set(parts.flatMap((part) => Object.keys(part.shape)));
  const inPage = new Set([...Object.keys(example), ...quoted(described)]);
  const differences = [
    ...[...inCode].filter((member) => !inPage.has(member)).map((member) => `${member}: in the code only`),
    ...Object.keys(example)
      .filter((member) => !inCode.has(member) && !isPlanned(member))
      .map((member) => `${member}: in the page only, and not marked 0.2`),
    ...optionsOf(parts)
      .filter((option) => !wholePage.has(option) && !Object.values(example).includes(option))
      .map((option) => `${option}: a value that the page does not name`),
  ];
  expect(differences).toEqual([]);
});

/** The values of every enumeration of some schemas. */
function optionsOf(parts: (typeof schemas)[number][1]): readonly string[] {
  const members = parts.flatMap((part) => Object.values(part.shape) as readonly object[]);
  return members.flatMap((member) => ('options' in member ? (member.options as readonly unknown[]) : [])).map(String);
}

test('the keys of §6 are those of the code with the same defaults, or marked 0.2', () => {
  const rows = rowsOf('6.').map(([keys = '', written = '', meaning = '']) => ({
    keys: quoted(keys),
    written,
    planned: meaning.includes(planned),
  }));
  const inPage = new Set(rows.flatMap((row) => row.keys));
  const differences = [
    ...[...configKeys.keys()].filter((key) => !inPage.has(key)).map((key) => `${key}: in the code only`),
    ...rows.flatMap(({ keys, written, planned: later }) => {
      const missing = keys.filter((key) => !configKeys.has(key));
      if (missing.length > 0) return later ? [] : missing.map((key) => `${key}: in the page only, and not marked 0.2`);
      const defaults = keys.map((key) => configKeys.get(key)?.default);
      return fits(written, defaults)
        ? []
        : [`${keys.join(', ')}: ${written} in the page, ${JSON.stringify(defaults)} in the code`];
    }),
  ];
  expect(differences).toEqual([]);
});

/** Whether a cell names these defaults in this order; `…` and words stand for any that are not set. */
function fits(written: string, defaults: readonly unknown[]): boolean {
  if (written === 'bundled sample clip') return defaults[0] === sampleClip;
  const set = defaults
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === 'string' ? value : spaced(value)));
  const named = quoted(written).filter((word) => !word.includes('http.'));
  return JSON.stringify(named) === JSON.stringify(set);
}

/** A list as the page writes it: blanks after commas, words without quotes. */
function spaced(value: unknown): string {
  return JSON.stringify(value).replaceAll(',', ', ').replaceAll('"', '');
}
