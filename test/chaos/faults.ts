import { join } from 'node:path';
import type { SnapshotReceipt, UploadResult } from '../../src/domain/contract/payloads.js';
import { newId } from '../../src/runtime/ids.js';
import { type DamagedPlaces, damageFile, damagePicture } from './damage.js';
import type { Observer } from './observer.js';
import type { Fault } from './schedule.js';
import type { TestSystem } from './test-system.js';

/** A run of the system, its observer, and what the faults did to the pictures on the disk. */
export type Scene = {
  readonly system: TestSystem;
  readonly observer: Observer;
  /** ids of the pictures whose files were damaged: they may be lost */
  readonly damaged: Set<string>;
  readonly damagedPlaces: DamagedPlaces;
};

const dropboxFaults = [
  ...(['rate_limit', 'rate_limit_text', 'busy_429', 'busy_409', 'error_500', 'error_503', 'expired'] as const),
  ...(['reset_before', 'reset_after', 'slow', 'truncated', 'garbage', 'stall', 'drip', 'huge'] as const),
  // Refusals of the account, its base path, or a proxy before Dropbox.
  ...(['proxy_400', 'proxy_403', 'proxy_407', 'proxy_413', 'bad_request', 'path_root', 'no_permission'] as const),
  ...(['blocked_folder', 'malformed_path', 'disallowed_name', 'no_space', 'hash_mismatch', 'not_found'] as const),
];
/** size of a clock jump */
const hourSeconds = 3600;

const detectorFiles = ['outbox', 'outbox', 'snapshot-index', 'snapshot-index', 'room.json', 'settings.json'] as const;
const uploaderFiles = ['queue', 'ended'] as const;
const deniedTopics = [
  ...(['roomwatch/+/snapshot', 'roomwatch/+/upload', 'roomwatch/+/room-status'] as const),
  ...(['roomwatch/uploaders/+/status', 'roomwatch/+/availability'] as const),
];
const pick = <T>(from: readonly T[], choice: number): T => from[Math.floor(choice * from.length)]!;

/** Asks the detector for a snapshot. */
export function requestSnapshot({ system, observer }: Scene): true {
  observer.publish(`roomwatch/${system.room}/command`, 'snapshot');
  return true;
}

/** What a stranger makes of a true receipt that they read. */
const forgeries: readonly ((receipt: SnapshotReceipt) => object)[] = [
  (receipt) => ({ ...receipt, id: newId(Date.now() / 1000) }),
  (receipt) => ({ ...receipt, id: newId(Date.now() / 1000), taken_at: '2020-01-01T00:00:00.000Z' }),
  (receipt) => ({ ...receipt, sha256: '0'.repeat(64) }),
  (receipt) => ({ ...receipt, url: receipt.url.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9') }),
  (receipt) => ({ ...receipt, bytes: receipt.bytes + 1, signature: '0'.repeat(64) }),
];

/** What a stranger reports of a true receipt, after they have read the true report of another one. */
const forgedResults: readonly ((receipt: SnapshotReceipt, other: UploadResult) => object)[] = [
  (receipt, { signature: _, ...other }) => ({ ...other, ...about(receipt) }),
  (receipt, { signature: _, ...other }) => ({ ...other, ...about(receipt), ...failure('lost', 'gone') }),
  (receipt, { signature: _, ...other }) => ({ ...other, ...about(receipt), ...failure('rejected', 'too_large') }),
  (receipt, other) => ({ ...other, ...about(receipt) }),
  (receipt, other) => ({ ...other, ...about(receipt), ...failure('lost', 'gone') }),
  (receipt, other) => ({ ...other, ...about(receipt), signature: receipt.signature }),
];
const about = ({ id, room, bytes, taken_at }: SnapshotReceipt) => ({ snapshot: id, room, bytes, taken_at });
const failure = (result: 'lost' | 'rejected', code: string) => ({
  ...{ result, path: null, content_hash: null },
  error: { code, message: 'forged' },
});

/** Forges a receipt, and results of the last pictures, which have probably not ended yet. */
function forge(choice: number, scene: Scene): void {
  const { system, observer } = scene;
  const receipts = [...observer.receipts.values()].slice(-3);
  const last = receipts.at(-1);
  if (last === undefined) return;
  observer.forge(`roomwatch/${system.room}/snapshot`, pick(forgeries, choice)(last));
  const result = observer.results.findLast(({ snapshot }) => receipts.every(({ id }) => id !== snapshot));
  if (result === undefined) return;
  const forgedResult = pick(forgedResults, (choice * 10) % 1);
  const report = (receipt: SnapshotReceipt) =>
    observer.forge(`roomwatch/${receipt.room}/upload`, forgedResult(receipt, result));
  receipts.forEach(report);
  if (choice < 0.5) reportInstead(report, scene);
}

/** For a while, no uploader hears of new pictures, nor will the broker tell them; a stranger reports on each at once. */
function reportInstead(report: (receipt: SnapshotReceipt) => void, scene: Scene): void {
  const { system, observer } = scene;
  for (const one of system.uploaders) one.kill('SIGKILL', 6);
  system.loseSessionsNext();
  system.broker.kill('SIGKILL', 0);
  observer.onReceipt(report);
  const asking = setInterval(() => requestSnapshot(scene), 500);
  setTimeout(() => {
    clearInterval(asking);
    observer.onReceipt(() => undefined);
  }, 6000);
}

/** Causes a fault, and ends it after its time. */
export function causeFault({ kind, seconds, choice }: Fault, scene: Scene): void {
  const { system, observer } = scene;
  const uploader = system.uploaders[choice < 0.5 ? 0 : 1]!;
  const later = (action: () => void, times = 1) => void setTimeout(action, seconds * times * 1000);
  switch (kind) {
    case 'request_snapshot':
      return void requestSnapshot(scene);
    case 'kill_detector':
      return system.detector.kill('SIGKILL', seconds);
    case 'kill_uploader':
      return uploader.kill('SIGKILL', seconds);
    case 'stop_uploader':
      return uploader.kill('SIGTERM', seconds);
    case 'broker_loses_sessions':
      system.loseSessionsNext();
      return system.broker.kill('SIGKILL', seconds);
    case 'kill_broker':
      return system.broker.kill(choice < 0.5 ? 'SIGKILL' : 'SIGTERM', seconds);
    case 'cut_mqtt':
      return system.mqttProxy.cut();
    case 'cut_http':
      return system.httpProxy.cut();
    case 'dropbox_fault': {
      const fault = pick(dropboxFaults, choice);
      return system.dropbox.faults.plan({ script: [{ kind: fault, times: 1 + Math.floor(seconds * 2), seconds: 1 }] });
    }
    case 'full_detector_disk':
      system.detectorDisk.fill();
      return later(() => system.detectorDisk.free());
    case 'full_uploader_disk':
      system.uploaderDisk.fill();
      return later(() => system.uploaderDisk.free());
    case 'move_detector':
      return void system.moveDetector(seconds);
    case 'change_secret':
      system.changeSecret();
      system.detector.kill('SIGTERM', 0);
      // For a while, an uploader has another secret than the detector.
      return later(() => system.uploaders.forEach((one) => one.kill('SIGTERM', 0)));
    case 'forgery':
      return forge(choice, scene);
    case 'broken_transfer': {
      const how = pick(['cut short', 'reset', 'garbage', 'drip'] as const, choice);
      return system.httpProxy.spoilNext(how, 1 + Math.floor(seconds * 3));
    }
    case 'clock_jump':
      return system.setClock(choice < 0.33 ? hourSeconds : choice < 0.66 ? -hourSeconds : 0);
    case 'damage_detector_file':
      return system.detector.kill('SIGKILL', seconds, () => {
        const file = pick(detectorFiles, seconds % 1);
        if (!scene.damagedPlaces.claim(file)) return;
        for (const folder of system.roomFolders()) damageFile(join(folder, file), choice);
      });
    case 'damage_uploader_file':
      return uploader.kill('SIGKILL', seconds, () => {
        damageFile(
          join(system.uploaderFolder(choice < 0.5 ? 0 : 1), pick(uploaderFiles, seconds % 1)),
          (choice * 2) % 1,
        );
      });
    case 'damage_picture':
      if (!scene.damagedPlaces.claim('picture')) return;
      return system.roomFolders().forEach((folder) => {
        const id = damagePicture(join(folder, 'snapshots'), choice);
        if (id !== undefined) scene.damaged.add(id);
      });
    case 'rename_room':
      return system.renameRoom(seconds);
    case 'swallow_pubacks':
      return system.mqttProxy.swallowPubacks(1 + Math.floor(seconds * 3));
    case 'refuse_subscriptions':
      system.mqttProxy.refuseSubscriptions(1 + Math.floor(seconds * 3));
      return system.mqttProxy.cut();
    case 'deny_topics':
      system.denyTopics([pick(deniedTopics, choice)]);
      return later(() => system.denyTopics([]), 4);
    case 'burst':
      for (let n = 0; n < 1000; n += 1) {
        requestSnapshot(scene);
        observer.publish(`roomwatch/${system.room}/settings/set`, JSON.stringify({ delta_thresh: 5 + (n % 3) }));
      }
      return;
    case 'freeze_uploader':
      return uploader.freeze(seconds * 8);
    case 'block_base_path':
      system.dropbox.faults.plan({ script: [{ kind: 'blocked_folder', times: 1000 }] });
      return later(() => system.dropbox.faults.plan({ script: [] }), 8);
  }
}
