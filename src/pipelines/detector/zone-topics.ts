type Needs = {
  /** The file of the topics that the broker may hold. */
  load(): Promise<unknown>;
  save(stored: { topics: readonly string[] }): Promise<void>;
  /** Removes a retained state; calls the listener when the broker has removed it. */
  removeState(topic: string, removed: () => void): void;
  failed(error: unknown): void;
};

/** The retained topics of zones, remembered through all runs, so that none is left behind when its zone is gone. */
export type ZoneTopics = {
  /** Call it before the topics are published; resolves when they are remembered. */
  remember(topics: readonly string[]): Promise<void>;
  /** Removes all other topics from the broker; call it when they are no longer published. */
  keepOnly(topics: readonly string[]): void;
};

/** Reads the topics of earlier runs. */
export async function openZoneTopics(needs: Needs): Promise<ZoneTopics> {
  const known = new Set(topicsIn(await needs.load().catch(() => undefined)));
  let saving = Promise.resolve();
  const save = () => {
    saving = saving.then(() => needs.save({ topics: [...known] })).catch(needs.failed);
    return saving;
  };
  return {
    async remember(topics) {
      const added = topics.filter((topic) => !known.has(topic));
      if (added.length === 0) return;
      for (const topic of added) known.add(topic);
      await save();
    },
    keepOnly(topics) {
      for (const topic of known) {
        if (topics.includes(topic)) continue;
        needs.removeState(topic, () => {
          known.delete(topic);
          void save();
        });
      }
    },
  };
}

/** The topics in a stored file; none if it is damaged. */
function topicsIn(stored: unknown): string[] {
  const { topics } = (stored ?? {}) as { topics?: unknown };
  return Array.isArray(topics) ? topics.filter((topic) => typeof topic === 'string') : [];
}
