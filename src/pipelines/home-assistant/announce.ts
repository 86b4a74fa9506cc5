import { type Components, type Discovery, withComponents, withRemoved } from '../../domain/home-assistant/document.js';

type Needs = {
  /** Publishes a retained state, on every connection. */
  publishState(topic: string, payload: string): void;
  /** Publishes a message that is not retained; resolves when the broker has acknowledged it. */
  deliver(topic: string, payload: string): Promise<void>;
  /** Removes a retained message; resolves when the broker has acknowledged it. */
  clear(topic: string): Promise<void>;
  /** Waits until Home Assistant has certainly handled what it received. */
  pause(): Promise<void>;
  /** The announcements of earlier runs, which the broker and Home Assistant may still hold. */
  announced: {
    earlier(): Promise<readonly string[]>;
    earlierComponents(): Promise<Components>;
    remember(topics: readonly string[], components: Components): Promise<void>;
  };
};

/** Announces one device to Home Assistant. Call one method after the other. */
export type Announcer = {
  /**
   * Announces the device, or none if discovery is off, and removes what was announced before: devices under another name or
   * prefix, components that the device no longer has. Resolves when the broker has removed that, which may take long. Call it
   * again when the device has changed.
   */
  announce(device: Discovery | undefined): Promise<void>;
  /** Removes the components that were removed before: Home Assistant may have been away then. Call it when it has started. */
  homeAssistantStarted(): Promise<void>;
};

/**
 * A component that is gone is remembered until Home Assistant has started: only then is it known that Home Assistant was there
 * when it was removed.
 */
export function createAnnouncer(needs: Needs): Announcer {
  const { announced } = needs;
  let device: Discovery | undefined;
  /** the components that were removed in this run */
  let removed: readonly string[] = [];

  async function goneComponents(): Promise<Components> {
    if (device === undefined) return {};
    const { components } = device;
    return Object.fromEntries(
      Object.entries(await announced.earlierComponents()).filter(([key]) => !(key in components)),
    );
  }

  return {
    async announce(next) {
      device = next;
      const wanted = device === undefined ? [] : [device.topic];
      const outdated = (await announced.earlier()).filter((topic) => !wanted.includes(topic));
      const gone = await goneComponents();
      const components = { ...gone, ...device?.components };
      if (wanted.length > 0 || outdated.length > 0) await announced.remember([...outdated, ...wanted], components);
      if (device !== undefined) {
        needs.publishState(device.topic, device.payload);
        removed = removed.filter((key) => key in gone);
        const news = Object.fromEntries(Object.entries(gone).filter(([key]) => !removed.includes(key)));
        await removeComponents(needs, device, news);
        removed = Object.keys(gone);
      }
      for (const topic of outdated) await needs.clear(topic);
      if (outdated.length > 0) await announced.remember(wanted, components);
    },
    async homeAssistantStarted() {
      const gone = await goneComponents();
      if (device === undefined || Object.keys(gone).length === 0) return;
      await removeComponents(needs, device, gone);
      await announced.remember([device.topic], device.components);
    },
  };
}

/**
 * Announces the components once more before it removes them: Home Assistant removes no entity whose announcement it has not
 * received since its own start.
 */
async function removeComponents(needs: Needs, device: Discovery, gone: Components): Promise<void> {
  if (Object.keys(gone).length === 0) return;
  await needs.deliver(device.topic, withComponents(device, gone));
  await needs.pause();
  await needs.deliver(device.topic, withRemoved(device, gone));
  await needs.pause();
  needs.publishState(device.topic, device.payload);
}
