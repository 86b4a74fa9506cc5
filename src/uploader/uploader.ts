import { join } from 'node:path';
import { ensureDataLayout } from '../adapters/files/data-layout.js';
import { type HealthState, openHealthFile } from '../adapters/files/health-file.js';
import { sharedSigningSecret, signingSecretPath } from '../adapters/files/signing-secret.js';
import { type MqttClient, openMqtt } from '../adapters/mqtt/client.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';
import { pause } from '../async/pause.js';
import { createThrottle } from '../async/throttle.js';
import { announceUploader } from '../discovery/announce-device.js';
import type { UploadResult } from '../domain/contract/payloads.js';
import { roomTopics, uploaderTopics } from '../domain/contract/topics.js';
import type { Archive } from '../domain/uploads/archive.js';
import { archivePath, otherArchivePath } from '../domain/uploads/archive-path.js';
import { type GroupTimes, groupTimes } from '../domain/uploads/group-times.js';
import { archiveSnapshots } from '../pipelines/uploader/archive-snapshots.js';
import { reportResults } from '../pipelines/uploader/report-results.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import { type CloseStack, withCloseStack } from '../runtime/process/close-stack.js';
import { lockDirectory } from '../runtime/process/lock.js';
import { signDocument } from '../runtime/signed-receipt.js';
import { createArchiveUpkeep } from './archive-upkeep.js';
import { downloadSnapshot } from './download-snapshot.js';
import { openArchive } from './open-archive.js';
import { receiveReceipts } from './receive-receipts.js';
import { createRoomAddresses, type RoomAddresses } from './room-addresses.js';
import { createStatusPublisher, type StatusPublisher } from './status-publisher.js';
import { openUploadStore, type UploadStore } from './upload-store.js';

/**
 * Archives every announced snapshot and reports its result, until the signal is aborted. Rejects if something cannot be
 * opened, or if another uploader has this name; with an AbortError if the signal is aborted while the queue is read.
 */
export async function runUploader(config: Config, log: Log, signal: AbortSignal, times = groupTimes): Promise<void> {
  await withCloseStack(signal, (opened, stopping) => upload({ config, log, times }, stopping.signal, opened));
}

type Given = { readonly config: Config; readonly log: Log; readonly times: GroupTimes };

async function upload({ config, log, times }: Given, signal: AbortSignal, opened: CloseStack): Promise<void> {
  const { name, group } = config.uploader;
  const base = config.mqtt.base_topic;
  const topics = uploaderTopics(base, name);
  const folder = join(config.data_dir, 'uploaders', name);

  ensureDataLayout(config.data_dir);
  const secret = config.http.signing_secret ?? (await sharedSigningSecret(config.data_dir));
  const lock = await lockDirectory(folder, 'uploader');
  opened.defer(() => lock.release());
  const store = await openUploadStore(folder, log, opened, signal);
  const archive = await openArchive(config);
  let reporting = Promise.resolve();
  // It ends when MQTT is closed, and reads the store until then.
  opened.defer(() => reporting.catch(() => undefined));

  const mqtt = opened.use(openUploaderMqtt(config, topics.availability, times, log));
  const status = createStatusPublisher(store.queue, (status) => {
    mqtt.publishState(topics.status, JSON.stringify(status));
  });
  if (store.damagedFiles.length > 0) status.reportTrouble(damageOf(store.damagedFiles));
  const addresses = createRoomAddresses(secret);
  const receiving = { mqtt, store, status, archiveKind: archive.kind, base, group, addresses, secret, log };
  const receipts = receiveReceipts(receiving);
  const health = () => healthOf(receipts.trouble ?? mqtt.trouble ?? status.trouble());
  opened.use(openHealthFile(join(folder, 'health.json'), health, log));
  void announceUploader({ config, mqtt, log, signal });
  mqtt.connect();

  const where = archive.kind === 'folder' ? config.archive.folder : 'dropbox';
  const secretFrom =
    config.http.signing_secret === undefined ? signingSecretPath(config.data_dir) : 'http.signing_secret';
  log.info({ archive: where, queued: store.queue.size, group, secret_from: secretFrom }, 'uploader started');
  const upkeep = createArchiveUpkeep({ archive: config.archive, status, log });
  const tidying = archive.kind === 'folder' ? [upkeep.run(signal)] : [];
  const sharedArchive = group === undefined ? undefined : archive.kind;
  const needs = { status, addresses, secret, sharedArchive, log, upkeep };
  const archiving = archiveAll(store, archive, config.archive, needs, signal);
  opened.defer(() => Promise.all([archiving, ...tidying]).catch(() => undefined));
  reporting = reportAll(store, mqtt, { base, secret }, signal);
  await Promise.race([archiving, ...tidying, reporting, mqtt.failed]);
}

function openUploaderMqtt(
  { mqtt, uploader }: Config,
  availabilityTopic: string,
  times: GroupTimes,
  log: Log,
): MqttClient {
  const { name, group } = uploader;
  const clientId = `${mqtt.base_topic}/uploaders/${name}`;
  // Without its session, the others of the group get all receipts.
  const sessionSeconds = group === undefined ? undefined : times.sessionSeconds;
  const processName = `uploader named ${name}`;
  return openMqtt({ ...mqtt, clientId, availabilityTopic, processName, sessionSeconds }, log);
}

function damageOf(files: readonly string[]) {
  const message = `${files.join(' and ')} had damaged parts; the detectors announce what is missing again`;
  return { code: 'damaged_file', message };
}

function healthOf(trouble: string | undefined): HealthState {
  return trouble === undefined ? { ok: true } : { ok: false, why: trouble };
}

type ArchiveNeeds = {
  readonly status: StatusPublisher;
  readonly addresses: RoomAddresses;
  readonly secret: string;
  /** the archive of a group, in which others of it store pictures, too */
  readonly sharedArchive: Archive['kind'] | undefined;
  readonly log: Log;
  readonly upkeep: Pick<ReturnType<typeof createArchiveUpkeep>, 'recordStored'>;
};

function archiveAll(
  store: UploadStore,
  archive: Archive,
  { path: pattern, timezone }: Pick<Config['archive'], 'path' | 'timezone'>,
  { status, addresses, secret, sharedArchive, log, upkeep }: ArchiveNeeds,
  signal: AbortSignal,
): Promise<void> {
  return archiveSnapshots(
    {
      ...store,
      ...{ archive, log, wallSeconds, now: monotonicSeconds, random: Math.random, pause },
      throttle: createThrottle(60, monotonicSeconds),
      download: (receipt) => downloadSnapshot(receipt, { addresses, secret, sharedArchive }, signal),
      pathsOf: (receipt) => ({
        path: archivePath(pattern, receipt, timezone),
        otherPath: otherArchivePath(pattern, receipt, timezone),
      }),
      async finish(result) {
        await store.finish(result);
        status.recordResult(result);
        if (result.result === 'uploaded') upkeep.recordStored(result.bytes);
      },
      reportState: status.reportState,
    },
    signal,
  );
}

/** Each report is signed when it is published, with the secret of now. */
function reportAll(
  store: UploadStore,
  mqtt: MqttClient,
  { base, secret }: { readonly base: string; readonly secret: string },
  signal: AbortSignal,
): Promise<void> {
  const publish = (result: UploadResult) =>
    mqtt.deliver(roomTopics(base, result.room).upload, JSON.stringify(signDocument(result, secret)));
  return reportResults({ ...store, publish }, signal);
}
