import { join } from 'node:path';
import { download } from '../adapters/http/download.js';
import { type MqttClient, openMqtt } from '../adapters/mqtt/client.js';
import { openSpool } from '../adapters/files/spool.js';
import { announceUploader } from '../discovery/announce-device.js';
import { archivePath, otherArchivePath } from '../domain/uploads/archive-path.js';
import { createNotifier } from '../async/notifier.js';
import { snapshotReceipt, type UploadResult } from '../domain/contract/payloads.js';
import { receiptFilter, roomTopics, uploaderTopics } from '../domain/contract/topics.js';
import { createAgenda } from '../domain/uploads/schedule.js';
import { type UploadRecord, uploadRecord } from '../domain/uploads/record.js';
import { createKeyedQueue } from '../async/keyed-queue.js';
import { openArchive } from './open-archive.js';
import { archiveSnapshots } from '../pipelines/uploader/archive-snapshots.js';
import { reportResults } from '../pipelines/uploader/report-results.js';
import { createReceiptIntake } from '../pipelines/uploader/accept-receipts.js';
import { type CloseStack, withCloseStack } from '../runtime/process/close-stack.js';
import type { Config } from '../runtime/config/config.js';
import { ensureDataLayout } from '../adapters/files/data-layout.js';
import { openHealthFile } from '../adapters/files/health-file.js';
import { lockDirectory } from '../runtime/process/lock.js';
import type { Log } from '../runtime/log.js';
import { pause } from '../async/pause.js';
import { verifySignedUrl } from '../runtime/signed-url.js';
import { sharedSigningSecret } from '../adapters/files/signing-secret.js';
import { createUploaderVoice } from './status-publisher.js';
import { wallSeconds } from '../async/clock.js';

/** How snapshots ended is remembered for so many of them and so long, to know them when they are announced again. */
const remembered = { snapshots: 50_000, seconds: 30 * 24 * 3600 };
/** A picture that takes longer is tried again. */
const downloadSeconds = 30;

/**
 * Brings every announced snapshot into the archive, and says how each ended, until the signal is aborted. Rejects where
 * something cannot be opened, or another uploader has this name.
 */
export async function runUploader(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  await withCloseStack(signal, (opened, stopping) => upload(config, log, stopping.signal, opened));
}

async function upload(config: Config, log: Log, signal: AbortSignal, opened: CloseStack) {
  const { name, group } = config.uploader;
  const base = config.mqtt.base_topic;
  const dir = join(config.data_dir, 'uploaders', name);
  const damaged = (file: string) => (skipped: number) =>
    log.warn({ file, skipped }, 'parts of a file could not be read; a copy is kept beside it');

  ensureDataLayout(config.data_dir);
  const secret = config.http.signing_secret ?? (await sharedSigningSecret(config.data_dir));
  const lock = await lockDirectory(dir, 'uploader');
  opened.defer(() => lock.release());
  const queue = await openSpool(join(dir, 'queue'), snapshotReceipt, { onDamage: damaged('queue') });
  opened.use(queue);
  const ended = await openSpool(join(dir, 'ended'), uploadRecord, { onDamage: damaged('ended') });
  opened.use(ended);
  const archive = await openArchive(config);

  const agenda = createAgenda();
  for (const id of [...queue.keys()]) {
    const receipt = ended.has(id) ? undefined : await queue.read(id);
    if (receipt === undefined) await queue.remove(id);
    else agenda.add(receipt);
  }
  const owed = createKeyedQueue();
  for (const id of ended.keys()) if ((await ended.read(id))?.reported === false) owed.add(id);

  const topics = uploaderTopics(base, name);
  const mqtt = openMqtt(
    {
      ...config.mqtt,
      clientId: `${base}/uploaders/${name}`,
      availabilityTopic: topics.availability,
      who: `uploader named ${name}`,
    },
    log,
  );
  opened.use(mqtt);
  const voice = createUploaderVoice(queue, (status) => mqtt.publishState(topics.status, JSON.stringify(status)));
  let diskTrouble: string | undefined;
  const fine = () => {
    const why = diskTrouble ?? mqtt.trouble ?? voice.trouble();
    return why === undefined ? ({ ok: true } as const) : ({ ok: false, why } as const);
  };
  opened.use(openHealthFile(join(dir, 'health.json'), fine, log));
  void announceUploader({ config, mqtt, log, signal });
  const added = createNotifier();

  const intake = createReceiptIntake({
    ...{ base, archive: archive.kind, queue, ended, owed, agenda, added, log, now: wallSeconds },
    isSigned: (url) => verifySignedUrl(url, secret, wallSeconds()) !== 'forged',
    refuse(result) {
      mqtt.publishEvent(roomTopics(base, result.room).upload, JSON.stringify(result));
      voice.ended(result);
    },
  });
  mqtt.subscribe(receiptFilter(base, group), async ({ topic, payload, retain }) => {
    if (retain) return;
    try {
      await intake({ topic, payload: payload.toString() });
      diskTrouble = undefined;
    } catch (error) {
      diskTrouble = `the queue cannot be written: ${(error as Error).message}`;
      throw error;
    }
    voice.queued();
  });
  mqtt.connect();

  log.info(
    { archive: archive.kind === 'folder' ? config.archive.folder : 'dropbox', queued: queue.size, group },
    'uploader started',
  );
  const loops = Promise.all([
    archiveSnapshots(
      {
        ...{ queue, agenda, added, archive, log, now: wallSeconds, pause },
        download: (receipt) => download(receipt, downloadSeconds, signal),
        placeOf: (receipt) => ({
          path: archivePath(config.archive.path, receipt),
          otherPath: otherArchivePath(config.archive.path, receipt),
        }),
        async finish(result) {
          await ended.put(result.snapshot, { result, reported: false });
          await queue.remove(result.snapshot).catch(() => undefined);
          owed.add(result.snapshot);
          voice.ended(result);
          await forgetOldest(ended);
        },
        stands: voice.stands,
      },
      signal,
    ),
    reportResults({ line: owed, ended, publish: (result) => report(mqtt, base, result) }, signal),
  ]);
  await Promise.race([loops, mqtt.failed]);
}

function report(mqtt: MqttClient, base: string, result: UploadResult): Promise<void> {
  return mqtt.deliver(roomTopics(base, result.room).upload, JSON.stringify(result));
}

/** Keeps the memory of snapshots that ended within its bounds; one whose report is still owed stays. */
async function forgetOldest(ended: Awaited<ReturnType<typeof openSpool<UploadRecord>>>): Promise<void> {
  for (const id of ended.keys()) {
    const tooOld = wallSeconds() - (ended.oldestAt() ?? Infinity) > remembered.seconds;
    if (!tooOld && ended.size <= remembered.snapshots) return;
    if ((await ended.read(id))?.reported === false) return;
    await ended.remove(id).catch(() => undefined);
  }
}
