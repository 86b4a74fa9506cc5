import { expect, test } from 'vitest';
import { zones } from '../../../src/runtime/config/zones.js';

const polygon = [[0, 0.5], [0.4, 0.5], [0.4, 1]]; // prettier-ignore
const problemOf = (value: unknown): string => {
  try {
    zones.check(value);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  ['none', [], /^$/],
  [
    'two zones',
    [
      { name: 'desk', polygon },
      { name: 'bed_2', polygon },
    ],
    /^$/,
  ],
  ['no list', { desk: polygon }, /must be a list of zones/],
  [
    'one name twice',
    [
      { name: 'desk', polygon },
      { name: 'desk', polygon },
    ],
    /^two zones are called desk/,
  ],
  ['a name with a capital letter', [{ name: 'Desk', polygon }], /^zone "Desk": name must be text that matches/],
  ['a name with a slash', [{ name: 'a/b', polygon }], /^zone "a\/b": name/],
  ['a number as a name', [{ name: 5, polygon }], /^entry 1: name/],
  [
    'two points',
    [{ name: 'desk', polygon: polygon.slice(1) }],
    /^zone "desk": polygon must be a list of 3 to 64 points/,
  ],
  ['a point outside the frame', [{ name: 'desk', polygon: [...polygon, [0, 1.01]] }], /^zone "desk": polygon/],
  ['a point with three numbers', [{ name: 'desk', polygon: [...polygon, [0, 1, 1]] }], /^zone "desk": polygon/],
  ['no polygon', [{ name: 'desk' }], /^zone "desk": polygon/],
  [
    'a member too many',
    [{ name: 'desk', polygon, masks: [] }],
    /^zone "desk": must be {name, polygon} and nothing else/,
  ],
  ['several mistakes', [{ name: 'A', polygon }, { name: 'b' }], /^zone "A": name .*; zone "b": polygon/],
])('%s', (_, value, problem) => expect(problemOf(value)).toMatch(problem));
