import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roomTopics, uploaderTopics } from '../../src/domain/contract/topics.js';
import { sampleClip } from '../support/roomwatch.js';
import { connectListener, type Listener } from '../support/listener.js';
import { openMosquitto, type Mosquitto } from '../support/mosquitto.js';
import { openHousehold, type Household } from '../support/household.js';

describe('several rooms and uploaders at one broker', () => {
  let broker: Mosquitto;
  let roomwatch: Household;
  let listener: Listener;
  const archive = (name: string) => join(roomwatch.directory, name);

  beforeAll(async () => {
    broker = await openMosquitto();
    listener = await connectListener(broker.url, '#', {}, true);
    roomwatch = await openHousehold({ camera: { source: sampleClip, loop: true }, http: { port: 0 } });
    const mqtt = { url: broker.url };
    const elsewhere = { ...mqtt, base_topic: 'site/a' };
    const prefix = { prefix: 'ha' };
    await roomwatch.start('detect', { room: 'kitchen', mqtt });
    await roomwatch.start('detect', { room: 'hall', mqtt: { ...mqtt, protocol: '3.1.1' } });
    await roomwatch.start('detect', {
      room: 'kitchen',
      mqtt: elsewhere,
      home_assistant: prefix,
      data_dir: archive('site'),
    });
    await roomwatch.start('upload', { mqtt, archive: { folder: archive('home') }, uploader: { name: 'home' } });
    await roomwatch.start('upload', {
      mqtt: { ...elsewhere, protocol: '3.1.1' },
      data_dir: archive('site'),
      archive: { folder: archive('away') },
      uploader: { name: 'away' },
      home_assistant: prefix,
    });
  });
  afterAll(async () => {
    await roomwatch.close();
    listener.client.end(true);
    await broker.close();
  });

  const received = (topic: string) => listener.until((message) => message.topic === topic);

  test.each([
    ['roomwatch', 'kitchen', 'homeassistant/device/roomwatch_kitchen/config'],
    ['roomwatch', 'hall', 'homeassistant/device/roomwatch_hall/config'],
    ['site/a', 'kitchen', 'ha/device/site-2Fa_kitchen/config'],
  ])(
    '%s/%s publishes and is archived according to the contract',
    { timeout: 120_000 },
    async (base, room, discovery) => {
      const topics = roomTopics(base, room);
      await received(topics.upload);
      const how = async (topic: string) => {
        const { qos, retain } = await received(topic);
        return [topic, qos, retain];
      };
      expect(await how(discovery)).toEqual([discovery, 1, true]);
      for (const topic of [topics.availability, topics.roomStatus, topics.settings])
        expect(await how(topic)).toEqual([topic, 1, true]);
      for (const topic of [topics.motion, topics.snapshot, topics.upload])
        expect(await how(topic)).toEqual([topic, 1, false]);
      expect(await how(topics.image)).toEqual([topics.image, 0, true]);
    },
  );

  test('each archive has only the rooms of its own base topic', async () => {
    const roomsIn = async (name: string) =>
      (await readdir(archive(name))).filter((entry) => !entry.startsWith('.')).sort();
    expect(await roomsIn('home')).toEqual(['hall', 'kitchen']);
    expect(await roomsIn('away')).toEqual(['kitchen']);
  });

  test('uploaders announce themselves', async () => {
    expect((await received(uploaderTopics('roomwatch', 'home').availability)).payload).toBe('online');
    expect((await received('homeassistant/device/roomwatch-uploader_home/config')).retain).toBe(true);
    expect((await received('ha/device/site-2Fa-uploader_away/config')).retain).toBe(true);
  });

  test('nothing is published on a topic that is not in the contract', () => {
    const known = [
      ...[roomTopics('roomwatch', 'kitchen'), roomTopics('roomwatch', 'hall'), roomTopics('site/a', 'kitchen')],
      ...[uploaderTopics('roomwatch', 'home'), uploaderTopics('site/a', 'away')],
    ].flatMap((topics): string[] => Object.values(topics));
    const strange = listener.received.map(({ topic }) => topic).filter((topic) => !known.includes(topic));
    expect(strange.filter((topic) => !/^(homeassistant|ha)\/device\/[\w-]+\/config$/.test(topic))).toEqual([]);
  });

  test('each process keeps a session under its own client id, in the configured protocol', () => {
    // Mosquitto's log: p5 is MQTT 5, p2 is MQTT 3.1.1, c0 a session that is kept.
    const connected = broker.log.flatMap((line) => / as ([^ ]+ \(p\d, c\d)/.exec(line)?.[1] ?? []);
    expect(connected).toEqual(
      expect.arrayContaining([
        'roomwatch-kitchen (p5, c0',
        'roomwatch-hall (p2, c0',
        'site-a-kitchen (p5, c0',
        'roomwatch/uploaders/home (p5, c0',
        'site/a/uploaders/away (p2, c0',
      ]),
    );
  });
});
