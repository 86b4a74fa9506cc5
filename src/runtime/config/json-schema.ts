import type { ConfigKey, Shape } from './formats.js';
import { configKeys, nest, ownKeys } from './keys.js';
import { exampleValue } from './reference.js';

/**
 * Makes the JSON schema (draft 7, which editors know) of a configuration file, as `config/roomwatch.schema.json` holds it. It
 * knows names, types and limits; whether values fit together is for the program to say.
 */
export function configJsonSchema(): Shape {
  const entry = { ...sectionShape(ownKeys), required: ['room'] };
  const known = new Map([...configKeys].map(([path, key]) => [path, path === 'rooms' ? withItems(key, entry) : key]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Roomwatch',
    description: 'The configuration of Roomwatch; docs/configuration.md describes it.',
    ...sectionShape(known),
  };
}

function withItems(key: ConfigKey<unknown>, items: Shape): ConfigKey<unknown> {
  return { ...key, shape: { ...key.shape, items } };
}

/** A key or section without a value counts as not set, so that each may be null. */
function sectionShape(keys: ReadonlyMap<string, ConfigKey<unknown>>): Shape {
  const tree = nest([...keys].map(([path, key]) => [path, valueShape(path, key)] as const));
  const properties = Object.entries(tree).map(([name, inner]) => {
    const isSection = !keys.has(name);
    return [name, isSection ? closed(inner as Record<string, unknown>, ['object', 'null']) : inner] as const;
  });
  return closed(Object.fromEntries(properties), 'object');
}

function closed(properties: Record<string, unknown>, type: string | readonly string[]): Shape {
  return { type, properties, additionalProperties: false };
}

function valueShape(path: string, key: ConfigKey<unknown>): Shape {
  const fallback = exampleValue(path, key);
  return {
    description: key.doc,
    ...orNull(key.shape),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function orNull(shape: Shape): Shape {
  const { type, enum: words } = shape;
  if (Array.isArray(words)) return { ...shape, enum: [...(words as unknown[]), null] };
  return { ...shape, type: [type, 'null'] };
}
