import { openMqtt } from '../adapters/mqtt/client.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { createBackgroundTasks } from '../async/background-tasks.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';
import { merge } from '../async/merge.js';
import { createThrottle } from '../async/throttle.js';
import { createRoomAnnouncer } from '../discovery/announce-device.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import { healthMessage, pageAddressMessage, settingsMessage } from '../domain/contract/messages.js';
import { roomTopics } from '../domain/contract/topics.js';
import type { Insight } from '../domain/page/insight.js';
import { roomRule } from '../domain/room/live-settings.js';
import type { Observation } from '../domain/room/observation.js';
import type { Effect, SnapshotOrder } from '../domain/room/state.js';
import { initialRoom } from '../domain/room/step.js';
import { tutorialTime } from '../domain/snapshots/tutorial-time.js';
import { handleCommands } from '../pipelines/detector/handle-commands.js';
import { handleUploadResults } from '../pipelines/detector/handle-upload-results.js';
import { noticeFrozen } from '../pipelines/detector/notice-frozen.js';
import { performEffects, type SnapshotNeeds } from '../pipelines/detector/perform-effects.js';
import type { LookAnswer } from '../pipelines/detector/recognise.js';
import { watchRoom, type Control } from '../pipelines/detector/watch-room.js';
import { type GroupTimes, groupTimes } from '../domain/uploads/group-times.js';
import type { Config } from '../runtime/config/config.js';
import { newId } from '../runtime/ids.js';
import { localSeconds } from '../runtime/local-time.js';
import type { Log } from '../runtime/log.js';
import { withCloseStack, type CloseStack } from '../runtime/process/close-stack.js';
import { isSignedDocument } from '../runtime/signed-receipt.js';
import { version } from '../version.js';
import { deliverReceipts } from './deliver-receipts.js';
import { openDisplay, type Display } from './display.js';
import { createFreezeDetector } from './freeze-detector.js';
import { followUploaders } from './follow-uploaders.js';
import { serveFormerNames } from './former-topics.js';
import { createDetectorHealth } from './health.js';
import { openDetectorHttp, signedPageAddress } from './http.js';
import { startMaintenance } from './maintenance.js';
import type { NewSnapshot } from './make-snapshot.js';
import { mqttOptions } from './mqtt-options.js';
import { cameraEvents, openCamera } from './open-camera.js';
import { openRoom, type OpenRoom } from './open-room.js';
import { openDetectorPage } from './page.js';
import { createPublicUrl, pageForPeople } from './public-url.js';
import { createPublisher } from './publisher.js';
import { retainedPicture } from './retained-picture.js';
import { createSnapshotTaker } from './snapshot-taker.js';
import { untilFirstEnds } from './until-first-ends.js';
import { openDetectorZones } from './zones.js';

/**
 * Watches one room until the signal is aborted: camera in, MQTT and HTTP out. When a clip ends, the room becomes unknown, and
 * its snapshots can still be fetched. Rejects if something cannot be opened, or if another detector has this room.
 */
export async function runDetector(
  config: Config,
  log: Log,
  signal: AbortSignal,
  insight: Insight,
  times = groupTimes,
): Promise<void> {
  await withCloseStack(signal, (opened, stopping) => detect({ config, log, insight, times }, stopping, opened));
}

type Given = { readonly config: Config; readonly log: Log; readonly insight: Insight; readonly times: GroupTimes };

async function detect(given: Given, stopping: AbortController, opened: CloseStack): Promise<void> {
  const { config, log, insight, times } = given;
  const { signal } = stopping;
  // First: it decides which form of OpenCV is loaded.
  const display = config.display ? openDisplay(log, () => stopping.abort()) : undefined;
  opened.defer(() => display?.close());
  const room = { ...(await openRoom(config, log, opened, signal)), insight };
  let delivering = Promise.resolve();
  // It ends when MQTT is closed, and reads the store until then.
  opened.defer(() => delivering.catch(() => undefined));
  const outputs = await openOutputs(config, room, log, opened);
  const handleResult = connectOutputs(config, room, outputs, log, opened);
  const { mqtt, page } = outputs;
  followUploaders(config.mqtt.base_topic, { ...room.store, ...times, mqtt, page, log }, opened);
  await serveFormerNames({ ...room, room: config.room, mqtt, base: config.mqtt.base_topic, handleResult, log, opened });
  const pageUrl = await pageForPeople(config, outputs.publicUrl);
  const announce = createRoomAnnouncer({ config, mqtt, log, signal }, pageUrl, outputs.publishHealth);
  announce(outputs.zones.names());
  room.rules.onChange((what) => what === 'zones' && announce(outputs.zones.names()));
  outputs.mqtt.connect();
  const maintenance = startMaintenance({ store: room.store, publishHealth: outputs.publishHealth }, opened);

  const snapshots = openSnapshotTasks(config.room, room, outputs, opened);
  const watching = watch(config, room, outputs, { display, snapshots }, log, signal);
  delivering = deliverReceipts(room.store.outbox, { ...outputs, secret: room.secret }, signal);
  const failures = [outputs.mqtt.failed, snapshots.failed, maintenance.failed];
  await untilFirstEnds({ watching, delivering, failures }, opened);
}

/** Where others see the room: the broker, health, the page and HTTP. The broker is not connected yet. */
async function openOutputs(config: Config, room: OpenRoom & Pick<Given, 'insight'>, log: Log, opened: CloseStack) {
  const { beganAt, folder, secret, disk, store, rules, detector, recognition, finePictures, insight } = room;
  const topics = roomTopics(config.mqtt.base_topic, config.room);
  const status = initialRoom(beganAt, rules.settings.now()).published;

  const mqtt = opened.use(openMqtt(mqttOptions(config), log));
  const publisher = createPublisher(mqtt, { base: config.mqtt.base_topic, room: config.room, topics, status }, log);
  const zones = await openDetectorZones({ folder, beganAt, rules, topics, mqtt, publisher, log });
  const health = createDetectorHealth({
    ...{ room: config.room, version, beganAt, disk, mqtt, publisher, recognition, finePictures },
    ...store,
  });
  const { report, metrics } = health;
  const currentHealth = () => health.read(wallSeconds());
  const page = opened.use(
    await openDetectorPage(config, log, {
      ...{ folder, detector, rules, recognition, status, report, insight },
      health: currentHealth,
      zones,
      takeSnapshot: room.requestSnapshot,
    }),
  );
  const { find: findSnapshot, roomOf, archivedIn } = store;
  const answers = {
    ...{ log, findSnapshot, roomOf, archivedIn, urlExpired: store.outbox.renew, health: report, metrics },
    damaged: (snapshot: string) => log.error({ snapshot }, 'the file of a snapshot is damaged; it is lost'),
  };
  const server = opened.use(await openDetectorHttp(config, secret, answers, page));
  const publicUrl = createPublicUrl(config, server.publicUrl);
  const publishHealth = () => publisher.publish(healthMessage(currentHealth(), topics));
  return { topics, mqtt, publisher, zones, health, page, publicUrl, publishHealth };
}

type Outputs = Awaited<ReturnType<typeof openOutputs>>;

/** Connects what changes the room to what shows it; returns the handler of upload results. Subscriptions come before the connection. */
function connectOutputs(config: Config, room: OpenRoom, outputs: Outputs, log: Log, opened: CloseStack) {
  const { rules, store, detector, looks, controls } = room;
  const { topics, mqtt, publisher, health, page, publishHealth } = outputs;
  const publishSettings = () => publisher.publish(settingsMessage(rules.settings.now(), topics));
  publisher.onStatus(page.statusPublished);
  publisher.onZone(page.zonePublished);
  looks.add(page.lookFinished);
  publishSettings();
  rules.onChange((what) => {
    if (what !== 'zones') detector.update(rules.motion());
    controls.put({ kind: 'rule_changed', at: wallSeconds() });
    if (what === 'settings') publishSettings();
    page.settingsChanged();
  });

  const commands = handleCommands({
    topics,
    subscribe: mqtt.subscribe,
    changeSettings: rules.settings.change,
    publishSettings,
    takeSnapshot: room.requestSnapshot,
    republishStates: mqtt.republishStates,
    warn: (fields, words) => log.warn(fields, words),
  });
  opened.defer(commands.finish);
  const handleResult = handleUploadResults({
    ...{ ...store, base: config.mqtt.base_topic, trust: room.resultTrust, log },
    isSigned: (document) => isSignedDocument(document, room.secret),
    throttle: createThrottle(60, monotonicSeconds),
    ignored: () => health.countUpload('ignored'),
    ended(result) {
      health.countUpload(result.result);
      page.uploadFinished(result);
    },
  });
  mqtt.subscribe(topics.upload, handleResult);
  mqtt.onConnect(store.outbox.connected);
  mqtt.onConnect(publishHealth);
  room.finePictures?.onChange(publishHealth);
  const publishAddress = async () =>
    publisher.publish(
      pageAddressMessage(signedPageAddress(config.room, await outputs.publicUrl(), room.secret), topics),
    );
  mqtt.onConnect(() => void publishAddress());
  return handleResult;
}

/** Makes, stores and shows snapshots beside the frame loop: frames go on while a picture is encoded and written. */
function openSnapshotTasks(
  room: string,
  { store: kept, finePictures }: OpenRoom,
  outputs: Outputs,
  opened: CloseStack,
) {
  const { health, page, mqtt, topics } = outputs;
  const tasks = createBackgroundTasks();
  opened.defer(tasks.finish);
  const store = async ({ jpeg, facts }: NewSnapshot, { at }: SnapshotOrder): Promise<void> => {
    if (!(await kept.keep({ jpeg, facts }, at))) return;
    health.countSnapshot();
    page.snapshotStored(facts);
    mqtt.publishPicture(topics.image, retainedPicture({ jpeg, facts }, kept));
  };
  const timeOn = (at: number) => tutorialTime(localSeconds(at));
  return {
    ...createSnapshotTaker({ room, timeOn, finePictureAt: finePictures?.pictureAt, start: tasks.start, store }),
    failed: tasks.failed,
  };
}

type WatchNeeds = {
  readonly display: Display | undefined;
  readonly snapshots: SnapshotNeeds<Picture>;
};

/** The frame loop: camera events in, effects and observations out. */
function watch(
  { room, camera, motion }: Pick<Config, 'room' | 'camera' | 'motion'>,
  { rules, detector, recognition, controls, beganAt }: OpenRoom,
  { topics, publisher, health, page, publishHealth }: Outputs,
  { display, snapshots }: WatchNeeds,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const events = noticeFrozen(cameraEvents(openCamera(camera, signal), signal), createFreezeDetector());
  const needs = {
    inputs: merge<CameraEvent<Picture>, Control | LookAnswer>(
      events,
      ...(recognition === undefined ? [controls] : [controls, recognition.answers]),
    ),
    detector,
    recognition: recognition?.needs,
    rule: () => roomRule(room, motion.detector, rules.settings.now(), camera.warmup_seconds, rules.zones.now()),
    newId,
    perform: (effects: readonly Effect[], picture: Picture | undefined) =>
      performEffects(effects, picture, { topics, publish: publisher.publish, snapshots }),
    observe(observation: Observation, picture: Picture) {
      health.recordObservation(observation);
      display?.show(picture, observation);
      page.observe(observation, picture);
    },
    handleCameraEvent(event: CameraEvent<Picture>) {
      health.handleCameraEvent(event);
      page.cameraChanged(event);
      if (event.kind === 'opened' || event.kind === 'resized')
        log.info({ room, width: event.width, height: event.height }, `camera ${event.kind}`);
      if (event.kind === 'thawed') log.info({ room }, 'camera sends new pictures again');
      if (!('why' in event)) return;
      log.warn({ room, why: event.why }, `camera ${event.kind}`);
      publishHealth();
    },
  };
  return watchRoom(needs, beganAt);
}
