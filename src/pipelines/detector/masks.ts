import { masks as masksSchema, type Masks } from '../../domain/page/payloads.js';

/** The masks of a room: what is configured, until somebody draws others. */
export type MasksKeeper = {
  now(): Masks;
  /** Takes them at once and keeps them; where that fails they hold until the restart, which is told. */
  change(masks: Masks): Promise<void>;
};

/** As the configuration has them: nobody changes them there. */
type Configured = readonly (readonly (readonly [number, number])[])[];

type Needs = {
  load(): Promise<unknown>;
  save(kept: { masks: Masks }): Promise<void>;
  /** told of every change, before it is kept */
  changed(masks: Masks): void;
  failed(error: unknown): void;
};

/** Reads what an earlier run kept; what no longer fits counts as never drawn. */
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
