import { sharedSigningSecret, signingSecretPath } from '../adapters/files/signing-secret.js';
import { createBoundedQueue } from '../async/bounded-queue.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';
import type { Control } from '../pipelines/detector/watch-room.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import { urlSeconds } from './deliver-receipts.js';
import { createDiskTrouble } from './disk-trouble.js';
import { openFinePictures } from './fine-pictures.js';
import { isNewFolder, takeOverFormerRooms } from './former-rooms.js';
import { openDetectorRules } from './live-rules.js';
import { createListeners } from './listeners.js';
import { openMotionDetector } from './motion-detectors.js';
import { openRecognition, type FinishedLook } from './recognition.js';
import { openResultTrust } from './result-trust.js';
import { claimRoomFolder } from './room-folder.js';
import { openSnapshotStore } from './snapshot-store.js';

/** What belongs to the room alone: its folder and store, the rules that may change, the motion detector. */
export async function openRoom(config: Config, log: Log, opened: CloseStack, signal: AbortSignal) {
  const { http, motion, snapshots } = config;
  const folder = await claimRoomFolder(config.data_dir, config.room, opened);
  const secret = http.signing_secret ?? (await sharedSigningSecret(config.data_dir));
  const secretFrom = http.signing_secret === undefined ? signingSecretPath(config.data_dir) : 'http.signing_secret';
  log.info({ room: config.room, secret_from: secretFrom }, 'detector started');
  const disk = createDiskTrouble();
  const forgetAfterSeconds = urlSeconds;
  const needs = {
    room: config.room,
    forgetAfterSeconds,
    monotonicSeconds,
    recordDisk: disk.record,
    log,
    opened,
    signal,
  };
  const isNew = await isNewFolder(folder, config.camera.source);
  const store = await openSnapshotStore(folder, snapshots, needs);
  const openStore = (of: string, room: string, opened: CloseStack) =>
    openSnapshotStore(of, snapshots, { ...needs, room, opened });
  const former = await takeOverFormerRooms({ config, folder, isNew, store, openStore, log, signal });
  const resultTrust = await openResultTrust(folder);
  const rules = await openDetectorRules(config, folder, log);
  const detector = opened.use(openMotionDetector(motion.detector, rules.motion()));
  const finePictures = openFinePictures(config, log, opened, signal);
  const looks = createListeners<FinishedLook>();
  const recognition = await openRecognition(
    config,
    { folder, rule: rules.recognition, observeLook: looks.notify },
    log,
  );
  const controls = createBoundedQueue<Control>(2, (waiting, control) => waiting.kind === control.kind);
  const requestSnapshot = () => controls.put({ kind: 'snapshot_requested' });
  const beganAt = wallSeconds();
  return {
    beganAt,
    folder,
    secret,
    disk,
    store,
    former,
    resultTrust,
    rules,
    detector,
    recognition,
    finePictures,
    looks,
    controls,
    requestSnapshot,
  };
}

/** See `openRoom`. */
export type OpenRoom = Awaited<ReturnType<typeof openRoom>>;
