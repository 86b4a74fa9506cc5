import { withRemoved, type Discovery } from '../../domain/home-assistant/document.js';

type Needs = {
  /** Publishes a retained state, on every connection. */
  publishState(topic: string, payload: string): void;
  /** Publishes a message that is not retained; resolves when the broker has acknowledged it. */
  deliver(topic: string, payload: string): Promise<void>;
  /** Removes a retained message; resolves when the broker has acknowledged it. */
  clear(topic: string): Promise<void>;
  /** The announcements of earlier runs, which the broker and Home Assistant may still hold. */
  announced: {
    earlier(): Promise<readonly string[]>;
    earlierComponents(): Promise<Discovery['components']>;
    remember(topics: readonly string[], components: Discovery['components']): Promise<void>;
  };
};

/**
 * Announces one device to Home Assistant, or none if discovery is off, and removes what was announced before: devices under
 * another name or prefix, components that the device no longer has. Resolves when the broker has removed that, which may take
 * long. Call it again when the device has changed.
 */
export async function announceHomeAssistant(needs: Needs, device: Discovery | undefined): Promise<void> {
  const { announced } = needs;
  const wanted = device === undefined ? [] : [device.topic];
  const components = device?.components ?? {};
  const outdated = (await announced.earlier()).filter((topic) => !wanted.includes(topic));
  const before = Object.entries(await announced.earlierComponents());
  const removed = Object.fromEntries(device === undefined ? [] : before.filter(([key]) => !(key in components)));
  if (wanted.length > 0 || outdated.length > 0)
    await announced.remember([...outdated, ...wanted], { ...removed, ...components });
  const isOutdated = outdated.length > 0 || Object.keys(removed).length > 0;
  if (device !== undefined) {
    needs.publishState(device.topic, device.payload);
    if (Object.keys(removed).length > 0) {
      await needs.deliver(device.topic, withRemoved(device, removed));
      needs.publishState(device.topic, device.payload);
    }
  }
  for (const topic of outdated) await needs.clear(topic);
  if (isOutdated) await announced.remember(wanted, components);
}
