import { zones as zonesSchema } from '../../domain/page/payloads.js';
import { zoneNamePattern } from '../../domain/zones/zone-name.js';
import type { Zone } from '../../domain/zones/zone.js';
import { demand, list, type Kind } from './formats.js';
import { polygonShape } from './rules.js';

const zoneShape = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: zoneNamePattern.source },
    polygon: { ...polygonShape, maxItems: 64 },
  },
  required: ['name', 'polygon'],
  additionalProperties: false,
};

/** Zones, as the page accepts them. */
export const zones: Kind<readonly Zone[]> = {
  ...list<readonly Zone[]>('', () => true, { items: zoneShape, maxItems: 32 }),
  check(value) {
    demand(
      Array.isArray(value),
      'a list of zones, as in [{name: desk, polygon: [[0, 0.5], [0.4, 0.5], [0.4, 1], [0, 1]]}]',
    );
    const entries = value as readonly unknown[];
    const issues = zonesSchema.safeParse(entries).error?.issues ?? [];
    const problems = new Set(issues.map(({ path, message }) => describe(entries, path, message)));
    if (problems.size > 0) throw new Error([...problems].join('; '));
  },
};

function describe(entries: readonly unknown[], [index, member]: readonly PropertyKey[], message: string): string {
  if (typeof index !== 'number') return message;
  const { name } = { ...(entries[index] as { readonly name?: unknown } | undefined) };
  const zone = typeof name === 'string' ? `zone ${JSON.stringify(name)}` : `entry ${index + 1}`;
  switch (member) {
    case 'name':
      return `${zone}: name must be text that matches [a-z0-9][a-z0-9_-]{0,31}`;
    case 'polygon':
      return `${zone}: polygon must be a list of 3 to 64 points [x, y], x and y from 0 to 1`;
    default:
      return `${zone}: must be {name, polygon} and nothing else`;
  }
}
