import { join } from 'node:path';
import { openMqtt } from '../adapters/mqtt/client.js';
import { giveBackMemory } from '../adapters/opencv/memory.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { announceRoom } from '../discovery/announce-device.js';
import { createDetectorHealth } from './health.js';
import { openDetectorHttp } from './http.js';
import { openDetectorPage } from './page.js';
import { openDetectorRules } from './live-rules.js';
import { openDetectorStore } from './snapshot-store.js';
import { createPublisher } from './publisher.js';
import { makeSnapshot } from './make-snapshot.js';
import { roomRule } from '../domain/room/live-settings.js';
import type { UploadResult } from '../domain/contract/payloads.js';
import type { SnapshotOrder } from '../domain/room/state.js';
import { initialRoom } from '../domain/room/step.js';
import { roomTopics, uploaderTopics } from '../domain/contract/topics.js';
import { tutorialTime } from '../domain/snapshots/tutorial-time.js';
import { openMotionDetector } from './motion-detectors.js';
import { openCamera, cameraEvents } from './open-camera.js';
import { openDisplay } from './display.js';
import { handleUploadResults } from '../pipelines/detector/handle-upload-results.js';
import { handleCommands } from '../pipelines/detector/handle-commands.js';
import { performEffects } from '../pipelines/detector/perform-effects.js';
import type { Observation } from '../domain/room/observation.js';
import { watchRoom, type Control } from '../pipelines/detector/watch-room.js';
import { withCloseStack, type CloseStack } from '../runtime/process/close-stack.js';
import type { Config } from '../runtime/config/config.js';
import { ensureDataLayout } from '../adapters/files/data-layout.js';
import { newId } from '../runtime/ids.js';
import { createBoundedQueue } from '../async/bounded-queue.js';
import { localSeconds } from '../runtime/local-time.js';
import { lockDirectory } from '../runtime/process/lock.js';
import type { Log } from '../runtime/log.js';
import { merge } from '../async/merge.js';
import { signUrl } from '../runtime/signed-url.js';
import { sharedSigningSecret } from '../adapters/files/signing-secret.js';
import { createBackgroundTasks } from '../async/background-tasks.js';
import { version } from '../version.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';

/** Snapshot URLs are good for so long, and removed snapshots remembered: an uploader may be away for days. */
const urlSeconds = 7 * 24 * 3600;
const healthSeconds = 30;

/**
 * Watches one room until the signal is aborted: camera in, MQTT and HTTP out. A clip that ends leaves the room unknown,
 * and its snapshots to be fetched. Rejects where something cannot be opened, or another detector has this room.
 */
export async function runDetector(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  await withCloseStack(signal, (opened, stopping) => detect(config, log, stopping, opened));
}

async function detect(config: Config, log: Log, stopping: AbortController, opened: CloseStack): Promise<void> {
  const { room } = config;
  const { signal } = stopping;
  const topics = roomTopics(config.mqtt.base_topic, room);
  const folder = join(config.data_dir, 'rooms', room);
  const beganAt = wallSeconds();

  ensureDataLayout(config.data_dir);
  const lock = await lockDirectory(folder, `detector for room ${room}`);
  opened.defer(() => lock.release());
  const secret = config.http.signing_secret ?? (await sharedSigningSecret(config.data_dir));
  const { outbox, snapshots, ...store } = await openDetectorStore(
    config.snapshots,
    folder,
    urlSeconds,
    monotonicSeconds,
    (error) => health.disk(error),
    log,
    opened,
  );

  const controls = createBoundedQueue<Control>();
  const rules = await openDetectorRules(config, folder, log, (what) => {
    detector.update(rules.motion());
    controls.put({ kind: 'rule_changed', at: wallSeconds() });
    if (what === 'settings') mqtt.publishState(topics.settings, JSON.stringify(settings.now()));
    page.settingsChanged();
  });
  const { settings } = rules;
  const detector = opened.use(openMotionDetector(config.motion.detector, rules.motion()));
  const display = config.display ? openDisplay(log, () => stopping.abort()) : undefined;
  opened.defer(() => display?.close());
  let seen: Observation = { at: beganAt, judgement: undefined, room: initialRoom(beganAt, settings.now()) };
  let said = seen.room.published.status;

  const mqtt = opened.use(
    openMqtt(
      {
        ...config.mqtt,
        clientId: `${config.mqtt.base_topic.replaceAll('/', '-')}-${room}`,
        availabilityTopic: topics.availability,
        who: `detector for room ${room}`,
      },
      log,
    ),
  );
  const health = createDetectorHealth({
    room,
    version,
    beganAt,
    outbox,
    snapshots,
    mqtt,
    status: () => said,
  });
  const page = opened.use(
    await openDetectorPage(config, log, {
      folder,
      detector,
      rules,
      status: seen.room.published,
      health: () => health.read(wallSeconds()),
      report: health.report,
      takeSnapshot: () => controls.put({ kind: 'snapshot_requested' }),
    }),
  );
  const answers = { log, findSnapshot: snapshots.find, health: health.report, metrics: health.metrics };
  const http = opened.use(await openDetectorHttp(config, secret, answers, page));

  const darkroom = {
    room,
    urlFor: (file: string, at: number) => signUrl(`${http.publicUrl}/${file}`, secret, at + urlSeconds),
    timeOn: (at: number) => tutorialTime(localSeconds(at)),
  };

  async function takeSnapshot(order: SnapshotOrder, picture: Picture): Promise<void> {
    const snapshot = await makeSnapshot(order, picture, darkroom);
    if (!(await store.keep(snapshot, order.at))) return;
    health.countSnapshot();
    page.snapshotStored(snapshot.receipt);
    mqtt.publishPicture(topics.image, snapshot.jpeg);
  }

  mqtt.publishState(topics.roomStatus, JSON.stringify(seen.room.published));
  mqtt.publishState(topics.settings, JSON.stringify(settings.now()));
  handleCommands({
    topics,
    subscribe: mqtt.subscribe,
    changeSettings: settings.change,
    publishSettings: () => mqtt.publishState(topics.settings, JSON.stringify(settings.now())),
    takeSnapshot: () => controls.put({ kind: 'snapshot_requested' }),
    republishStates: () => mqtt.republishStates(),
    warn: (fields, words) => log.warn(fields, words),
  });
  const ended = (result: UploadResult) => {
    health.countUpload(result.result);
    page.uploadFinished(result);
  };
  mqtt.subscribe(topics.upload, handleUploadResults({ snapshots, outbox, ended, log }));
  mqtt.onConnect(outbox.connected);

  const sayHealth = () => mqtt.publishReading(topics.health, JSON.stringify(health.read(wallSeconds())));
  mqtt.onConnect(sayHealth);
  void announceRoom({ config, mqtt, log, signal }, `${http.publicUrl}/`, sayHealth);
  const { availability, status } = uploaderTopics(config.mqtt.base_topic, '+');
  for (const filter of [availability, status]) mqtt.subscribe(filter, page.uploaderReported);
  mqtt.connect();

  const healthTimer = setInterval(() => {
    sayHealth();
    outbox.repeat();
    void store.sweep(wallSeconds());
    giveBackMemory();
  }, healthSeconds * 1000);
  opened.defer(() => clearInterval(healthTimer));
  // Frames go on while a picture is encoded and written.
  const snapshotTasks = createBackgroundTasks();
  opened.defer(snapshotTasks.finish);
  const beginSnapshot = (order: SnapshotOrder, picture: Picture) =>
    snapshotTasks.start(() => takeSnapshot(order, picture));

  const say = createPublisher(mqtt, topics, room, log, (status) => {
    said = status.status;
    page.statusPublished(status);
  });
  const delivering = outbox.deliver((receipt) => mqtt.deliver(topics.snapshot, JSON.stringify(receipt)), signal);
  // A window shows every frame.
  const lookSeconds = config.display ? 0 : detector.analysisSeconds;
  const watching = watchRoom<Picture>(
    {
      inputs: merge(cameraEvents(openCamera(config.camera, signal, lookSeconds), signal), controls),
      detector,
      rule: () => roomRule(room, settings.now(), config.camera.warmup_seconds),
      newId,
      perform: (effects, picture) =>
        performEffects(effects, picture, { topics, publish: say, takeSnapshot: beginSnapshot }),
      observe(observed, picture) {
        seen = observed;
        health.recordObservation(observed);
        display?.show(picture, observed);
        page.observe(observed, picture);
      },
      handleCameraEvent(event) {
        health.handleCameraEvent(event);
        page.cameraChanged(event);
        if (event.kind === 'opened') log.info({ room, width: event.width, height: event.height }, 'camera opened');
        if (event.kind === 'lost') log.warn({ room, why: event.why }, 'camera lost');
        if (event.kind === 'lost') sayHealth();
      },
    },
    beganAt,
  );
  await Promise.race([watching, delivering, mqtt.failed, snapshotTasks.failed]);
}
