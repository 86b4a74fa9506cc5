import { discoveryTopic, objectId } from './ids.js';

/** One entity as Home Assistant's MQTT integration describes it; the tests check the keys that each platform accepts. */
export type Component = {
  readonly platform: 'binary_sensor' | 'button' | 'event' | 'image' | 'number' | 'sensor' | 'switch';
  /** null: the entity has just the device's name */
  readonly name: string | null;
  readonly [option: string]: unknown;
};

/** What the documents of detector and uploader have in common. */
export type DiscoveryContext = {
  /** `mqtt.base_topic` */
  readonly base: string;
  /** `home_assistant.prefix` */
  readonly prefix: string;
  readonly version: string;
};

/** A retained discovery message; an empty payload removes the device. */
export type Discovery = {
  readonly topic: string;
  readonly payload: string;
  readonly components: Components;
};

/** The components of a device as they are announced, by their keys. */
export type Components = Readonly<Record<string, { readonly platform: string; readonly [option: string]: unknown }>>;

/** The document with more components than the device has. */
export function withComponents({ payload }: Discovery, more: Components): string {
  const document = JSON.parse(payload) as { readonly components: object };
  return JSON.stringify({ ...document, components: { ...document.components, ...more } });
}

/**
 * The document that removes components: each of them has nothing but its platform. It is followed by the document without them,
 * since Home Assistant keeps the entities of components that are only left out.
 */
export function withRemoved(device: Discovery, removed: Components): string {
  const stubs = Object.entries(removed).map(([key, { platform }]) => [key, { platform }] as const);
  return withComponents(device, Object.fromEntries(stubs));
}

type Device = { readonly name: string; readonly [option: string]: unknown };

/**
 * Joins a device and its components into one document of Home Assistant's device discovery. Every component gets the options
 * that must never change between releases: unique id, entity id, QoS.
 */
export function discoveryDocument(
  context: DiscoveryContext,
  id: string,
  device: Device,
  availability: readonly object[],
  components: Readonly<Record<string, Component>>,
): Discovery {
  const entries = Object.entries(components).map(([key, component]) => {
    const fullName = component.name === null ? device.name : `${device.name} ${component.name}`;
    const fixed = {
      unique_id: `${id}_${key}`,
      default_entity_id: `${component.platform}.${objectId(fullName)}`,
      qos: 1,
    };
    return [key, { ...fixed, ...component }] as const;
  });
  const announced = Object.fromEntries(entries);
  const document = {
    device: { identifiers: [id], manufacturer: 'Roomwatch', sw_version: context.version, ...device },
    origin: { name: 'Roomwatch', sw_version: context.version },
    availability,
    availability_mode: 'all',
    components: announced,
  };
  return { topic: discoveryTopic(context.prefix, id), payload: JSON.stringify(document), components: announced };
}
