import { describe, expect, it } from 'vitest';
import { uploaderDiscovery } from '../../../src/domain/home-assistant/uploader.js';
import { uploaderTopics } from '../../../src/domain/contract/topics.js';
import { problemsOf } from '../../support/home-assistant-schema.js';

const context = { base: 'roomwatch', prefix: 'homeassistant', version: '1.2.3', name: 'uploader' };
type Document = { device: Record<string, string>; components: Record<string, Record<string, string>> };
const documentOf = (name: string) => JSON.parse(uploaderDiscovery({ ...context, name }).payload) as Document;

describe('the discovery document of an uploader', () => {
  it.each(['uploader', 'attic.2'])('has nothing that Home Assistant would refuse or drop (%s)', (name) => {
    expect(problemsOf(documentOf(name))).toEqual([]);
  });

  it('is published on the topic of its device and reads the status topic only', () => {
    expect(uploaderDiscovery(context).topic).toBe('homeassistant/device/roomwatch-uploader_uploader/config');
    const topics = Object.values(documentOf('uploader').components).map((entity) => entity['state_topic']);
    expect(new Set(topics)).toEqual(new Set([uploaderTopics('roomwatch', 'uploader').status]));
  });

  it('lists these entities', () => {
    const ids = (name: string) =>
      Object.values(documentOf(name).components).map((entity) => entity['default_entity_id']);
    expect(ids('uploader')).toEqual([
      'sensor.roomwatch_uploader',
      'sensor.roomwatch_uploader_queue',
      'sensor.roomwatch_uploader_last_upload',
      'binary_sensor.roomwatch_uploader_problem',
    ]);
    expect(ids('attic')[0]).toBe('sensor.roomwatch_uploader_attic');
  });
});
