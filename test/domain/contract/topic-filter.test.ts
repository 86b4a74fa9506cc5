import { expect, test } from 'vitest';
import { topicMatches } from '../../../src/domain/contract/topic-filter.js';

const cases = [
  ['a/b', 'a/b', true],
  ['a/b', 'a/b/c', false],
  ['a/+/c', 'a/b/c', true],
  ['a/+/c', 'a/b/d', false],
  ['a/+', 'a', false],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['$share/group/a/+', 'a/b', true],
  ['$share/group/a/+', 'a/b/c', false],
  ['#', '$SYS/load', false],
  ['+/load', '$SYS/load', false],
  ['$SYS/#', '$SYS/load', true],
] as const;
test.each(cases)('%s and %s: %s', (filter, topic, fits) => expect(topicMatches(filter, topic)).toBe(fits));
