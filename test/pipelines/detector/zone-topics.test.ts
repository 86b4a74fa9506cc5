import { expect, test } from 'vitest';
import { openZoneTopics } from '../../../src/pipelines/detector/zone-topics.js';

function notebook(stored: unknown) {
  const notes: string[] = [];
  const removing = new Map<string, () => void>();
  const needs = {
    load: () => Promise.resolve(stored),
    save: ({ topics }: { topics: readonly string[] }) => Promise.resolve(void notes.push(`save ${topics.join(' ')}`)),
    removeState(topic: string, removed: () => void) {
      notes.push(`remove ${topic}`);
      removing.set(topic, removed);
    },
    failed: () => void notes.push('failed'),
  };
  return { needs, notes, removing };
}

test('a topic of an earlier run is removed, and forgotten once the broker has removed it', async () => {
  const { needs, notes, removing } = notebook({ topics: ['zones/desk', 'zones/bed'] });
  const topics = await openZoneTopics(needs);
  await topics.remember(['zones/bed', 'zones/sofa']);
  topics.keepOnly(['zones/bed', 'zones/sofa']);
  expect(notes).toEqual(['save zones/desk zones/bed zones/sofa', 'remove zones/desk']);
  removing.get('zones/desk')?.();
  await Promise.resolve();
  expect(notes.at(-1)).toBe('save zones/bed zones/sofa');
});

test('a damaged file counts as empty, and a failure to write is reported', async () => {
  const { needs, notes } = notebook('damaged');
  const topics = await openZoneTopics({ ...needs, save: () => Promise.reject(new Error('disk full')) });
  await topics.remember(['zones/desk']);
  topics.keepOnly(['zones/desk']);
  expect(notes).toEqual(['failed']);
});
