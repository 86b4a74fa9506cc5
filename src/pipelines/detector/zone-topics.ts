import * as z from 'zod';

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

const stored = z.object({ topics: z.array(z.string()) });

/** Reads the topics of earlier runs. */
export async function openZoneTopics(needs: Needs): Promise<ZoneTopics> {
  const known = new Set(stored.safeParse(await needs.load().catch(() => undefined)).data?.topics);
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
