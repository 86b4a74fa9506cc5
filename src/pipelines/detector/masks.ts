import { masks as masksSchema, type Masks } from '../../domain/page/payloads.js';

/** The masks of a room: those of the configuration, until others are drawn on the page. */
export type MasksKeeper = {
  now(): Masks;
  /** Applies the masks at once and stores them. If storing fails, they apply until the restart, and `failed` is called. */
  change(masks: Masks): Promise<void>;
};

/** Masks as the configuration has them, read-only. */
type Configured = readonly (readonly (readonly [number, number])[])[];

type Needs = {
  load(): Promise<unknown>;
  save(kept: { masks: Masks }): Promise<void>;
  /** called with every change, before it is stored */
  changed(masks: Masks): void;
  failed(error: unknown): void;
};

/** Starts with the masks that an earlier run stored; masks that are no longer valid are ignored. */
export async function openMasksKeeper(configured: Configured, needs: Needs): Promise<MasksKeeper> {
  const kept = masksSchema.safeParse(
    ((await needs.load().catch(() => undefined)) as { masks?: unknown } | undefined)?.masks,
  );
  let now = kept.success ? kept.data : configured.map((polygon) => polygon.map(([x, y]): [number, number] => [x, y]));
  let saving = Promise.resolve();
  return {
    now: () => now,
    change(masks) {
      now = masks;
      needs.changed(masks);
      saving = saving.then(() => needs.save({ masks })).catch((error: unknown) => needs.failed(error));
      return saving;
    },
  };
}
