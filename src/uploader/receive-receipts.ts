import type { MqttClient } from '../adapters/mqtt/client.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';
import { createThrottle } from '../async/throttle.js';
import { receiptFilter, roomTopics } from '../domain/contract/topics.js';
import type { Archive } from '../domain/uploads/archive.js';
import { createReceiptIntake } from '../pipelines/uploader/accept-receipts.js';
import type { Log } from '../runtime/log.js';
import { isSignedDocument, signDocument } from '../runtime/signed-receipt.js';
import type { RoomAddresses } from './room-addresses.js';
import type { StatusPublisher } from './status-publisher.js';
import type { UploadStore } from './upload-store.js';

type Needs = {
  readonly mqtt: MqttClient;
  readonly store: UploadStore;
  readonly status: StatusPublisher;
  readonly archiveKind: Archive['kind'];
  /** the first level of all topics */
  readonly base: string;
  /** uploaders of one group share the receipts */
  readonly group: string | undefined;
  readonly addresses: RoomAddresses;
  /** signs the receipts and the results */
  readonly secret: string;
  readonly log: Log;
};

/** Receipts are being accepted. */
export type ReceivedReceipts = {
  /** why receipts cannot be accepted now; undefined if they can */
  readonly trouble: string | undefined;
};

/** Subscribes to all receipts and puts them into the queue; a receipt is acknowledged once it is durable there. */
export function receiveReceipts(needs: Needs): ReceivedReceipts {
  const { mqtt, store, status, base, secret, log } = needs;
  let trouble: string | undefined;
  const intake = createReceiptIntake({
    ...store,
    ...{ base, archive: needs.archiveKind, log, now: wallSeconds },
    throttle: createThrottle(60, monotonicSeconds),
    isSigned: (document) => isSignedDocument(document, secret),
    receiptAccepted: needs.addresses.learn,
    reportTrouble: status.reportTrouble,
    publishRefusal(result) {
      mqtt.publishEvent(roomTopics(base, result.room).upload, JSON.stringify(signDocument(result, secret)));
      status.recordResult(result);
    },
  });
  mqtt.subscribe(receiptFilter(base, needs.group), async ({ topic, payload, retain }) => {
    if (retain) return;
    try {
      await intake({ topic, payload: payload.toString() });
      trouble = undefined;
    } catch (error) {
      trouble = `the queue cannot be written: ${(error as Error).message}`;
      throw error;
    }
    status.recordQueued();
  });
  return {
    get trouble() {
      return trouble;
    },
  };
}
