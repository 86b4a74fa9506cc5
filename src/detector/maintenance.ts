import { giveBackMemory } from '../adapters/libav/addon.js';
import { createBackgroundTasks } from '../async/background-tasks.js';
import { wallSeconds } from '../async/clock.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { SnapshotStore } from './snapshot-store.js';

/** docs/contract.md §2: health is published every 30 s. */
const everySeconds = 30;

type Needs = { readonly store: SnapshotStore; publishHealth(): void };

/**
 * Every 30 s: publishes health, delivers receipts again that no uploader has reported on, removes old snapshots. `failed`
 * rejects with a bug in the removal; closing waits for a removal in progress.
 */
export function startMaintenance(
  { store, publishHealth }: Needs,
  opened: CloseStack,
): { readonly failed: Promise<never> } {
  const sweeps = createBackgroundTasks();
  opened.defer(sweeps.finish);
  const timer = setInterval(() => {
    publishHealth();
    store.outbox.repeat();
    void sweeps.start(() => store.sweep(wallSeconds()));
    giveBackMemory();
  }, everySeconds * 1000);
  opened.defer(() => clearInterval(timer));
  return { failed: sweeps.failed };
}
