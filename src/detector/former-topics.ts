import type { MqttClient } from '../adapters/mqtt/client.js';
import { pause } from '../async/pause.js';
import { roomTopics, zoneTopic } from '../domain/contract/topics.js';
import type { HandleUploadResult } from '../pipelines/detector/handle-upload-results.js';
import type { Log } from '../runtime/log.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { FormerRooms } from './former-rooms.js';
import type { SnapshotStore } from './snapshot-store.js';

type Needs = {
  /** the name that the room has now */
  readonly room: string;
  readonly former: FormerRooms;
  readonly base: string;
  readonly mqtt: Pick<MqttClient, 'subscribe' | 'clear' | 'connected'>;
  readonly store: SnapshotStore;
  readonly handleResult: HandleUploadResult;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly opened: CloseStack;
};

/** Home Assistant removes the entities of the former name first: an empty state would be an error in its log. */
const settleSeconds = 3;

/** Until the retained availability has come, or for this long if there is none, nothing is cleared. */
const checkMs = 30_000;

/**
 * Receives the upload results under the former names of a renamed room: those that are recorded, and those that receipts have
 * whose record is lost. Once nothing waits under a name, clears its retained topics, unless another detector has that name now.
 */
export async function serveFormerNames(needs: Needs): Promise<void> {
  const waiting = await waitingRooms(needs.store);
  const names = new Set([...needs.former.names, ...waiting.keys()]);
  names.delete(needs.room);
  if (names.size === 0) return;
  const stopping = new AbortController();
  const checks = [...names].map((name) =>
    serveFormerName(name, waiting.get(name) ?? new Set(), needs, stopping.signal),
  );
  const timer = setInterval(() => checks.forEach((check) => check()), checkMs);
  needs.opened.defer(() => {
    clearInterval(timer);
    stopping.abort();
  });
}

/** The ids of the receipts in the outbox, by room. */
async function waitingRooms(store: SnapshotStore): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rooms = new Map<string, Set<string>>();
  for (const id of store.outbox.unsettled()) {
    const room = (await store.receiptOf(id))?.room;
    if (room !== undefined) rooms.set(room, (rooms.get(room) ?? new Set()).add(id));
  }
  return rooms;
}

/** Returns the function that looks whether the name's topics can be cleared. */
function serveFormerName(name: string, waiting: ReadonlySet<string>, needs: Needs, signal: AbortSignal): () => void {
  const { base, mqtt, store, handleResult, log, former } = needs;
  const topics = roomTopics(base, name);
  const zones = new Set<string>();
  let availability: string | undefined;
  let done = false;

  async function clear(): Promise<void> {
    await pause(settleSeconds, signal);
    // The next start does it.
    if (signal.aborted) return;
    if (availability === 'online') {
      log.warn({ former: name }, 'another detector has the former name of this room: its topics are left alone');
    } else {
      const { availability, roomStatus, settings, page, image } = topics;
      for (const topic of [availability, roomStatus, settings, page, image, ...zones]) await mqtt.clear(topic);
      log.info({ former: name }, 'nothing waits under the former name of this room: its topics are cleared');
    }
    await former.forget(name);
  }
  const check = () => {
    const waits = [...waiting].some((id) => store.outbox.has(id));
    if (done || waits || !mqtt.connected) return;
    done = true;
    // After a stop, or trouble with the disk, the next start does it.
    clear().catch(() => undefined);
  };

  mqtt.subscribe(topics.upload, async (message) => {
    await handleResult(message);
    if (availability !== undefined) check();
  });
  // Before the availability, whose message may begin the clearing.
  mqtt.subscribe(zoneTopic(topics, '+'), ({ topic, payload, retain }) => {
    if (retain && payload.length > 0) zones.add(topic);
    return Promise.resolve();
  });
  mqtt.subscribe(topics.availability, ({ payload }) => {
    const said = payload.toString();
    if (said !== '') {
      availability = said;
      check();
    }
    return Promise.resolve();
  });
  return check;
}
