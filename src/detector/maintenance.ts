import { giveBackMemory } from '../adapters/opencv/memory.js';
import { wallSeconds } from '../async/clock.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { DetectorStore } from './snapshot-store.js';

/** docs/contract.md §2: health is published every 30 s. */
const everySeconds = 30;

type Needs = { readonly store: DetectorStore; publishHealth(): void };

/** Every 30 s: publishes health, delivers receipts again that no uploader has reported on, removes old snapshots. */
export function startMaintenance({ store, publishHealth }: Needs, opened: CloseStack): void {
  const timer = setInterval(() => {
    publishHealth();
    store.outbox.repeat();
    void store.sweep(wallSeconds());
    giveBackMemory();
  }, everySeconds * 1000);
  opened.defer(() => clearInterval(timer));
}
