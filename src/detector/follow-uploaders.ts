import type { MqttClient } from '../adapters/mqtt/client.js';
import { uploaderTopics } from '../domain/contract/topics.js';
import type { GroupTimes } from '../domain/uploads/group-times.js';
import type { Log } from '../runtime/log.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { DetectorPage } from './page.js';
import type { SnapshotStore } from './snapshot-store.js';

/** A limit, because anyone may publish such topics. */
const most = 100;

type Needs = {
  readonly mqtt: Pick<MqttClient, 'subscribe'>;
  readonly page: Pick<DetectorPage, 'uploaderReported'>;
  readonly outbox: Pick<SnapshotStore['outbox'], 'connected'>;
  readonly log: Pick<Log, 'warn'>;
  readonly handOverSeconds: GroupTimes['handOverSeconds'];
};

/** Shows what the uploaders report, and publishes the receipts without a report again when one comes, and when one stays away. */
export function followUploaders(base: string, needs: Needs, opened: CloseStack): void {
  const { mqtt, page, outbox, log, handOverSeconds } = needs;
  const timers = new Map<string, NodeJS.Timeout>();
  const { availability, status } = uploaderTopics(base, '+');
  mqtt.subscribe(status, page.uploaderReported);
  mqtt.subscribe(availability, (message) => {
    const { topic, retain } = message;
    const payload = message.payload.toString();
    const known = timers.get(topic);
    if (payload !== 'offline') {
      clearTimeout(known);
      timers.delete(topic);
      // Its queue may be new, or damaged.
      if (!retain && payload === 'online') outbox.connected();
    } else if (!retain && known === undefined && timers.size < most) {
      log.warn(
        { topic },
        'an uploader is offline: its pictures wait; after ten minutes they go to others of its group, if it has one',
      );
      timers.set(topic, setTimeout(outbox.connected, handOverSeconds * 1000));
    }
    return page.uploaderReported(message);
  });
  opened.defer(() => {
    for (const timer of timers.values()) clearTimeout(timer);
  });
}
