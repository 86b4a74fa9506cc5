import type { Picture } from '../adapters/opencv/picture.js';
import { openSnapshotSource, type SnapshotSourceTrouble } from '../adapters/opencv/snapshot-source.js';
import { turnedPicture } from '../adapters/opencv/turned-picture.js';
import { wallSeconds } from '../async/clock.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import { createListeners } from './listeners.js';

/** Pictures from `camera.snapshot_source`. */
export type FinePictures = {
  /** The picture of that moment, turned as the camera hangs; undefined where there is none. Whoever gets it releases it. */
  pictureAt(at: number): Promise<Picture | undefined>;
  /** Why the last one did not come. */
  readonly trouble: SnapshotSourceTrouble | undefined;
  /** when the trouble began, in seconds since the Unix epoch */
  readonly troubleSince: number;
  /** Receives each change between trouble and none. */
  onChange(listener: () => void): void;
};

/** Receives `camera.snapshot_source` until the signal is aborted; undefined where none is configured. Its trouble is logged once. */
export function openFinePictures(
  { room, camera }: Pick<Config, 'room' | 'camera'>,
  log: Pick<Log, 'info' | 'warn'>,
  opened: CloseStack,
  signal: AbortSignal,
): FinePictures | undefined {
  const { snapshot_source: source, stall_seconds: stallSeconds, transport, rotation } = camera;
  if (source === undefined) return undefined;
  const changes = createListeners<undefined>();
  let trouble: SnapshotSourceTrouble | undefined;
  let troubleSince = 0;
  const receive = (found: SnapshotSourceTrouble | undefined) => {
    if (found !== undefined)
      log.warn({ room, why: found.why }, 'snapshots are of camera.source, not camera.snapshot_source');
    else if (trouble !== undefined) log.info({ room }, 'camera.snapshot_source works again');
    if (trouble === undefined) troubleSince = wallSeconds();
    trouble = found;
    changes.notify(undefined);
  };
  const stream = openSnapshotSource({ source, stallSeconds, transport }, receive, signal);
  opened.defer(() => stream.ended);
  return {
    async pictureAt(at) {
      const picture = await stream.pictureAt(at);
      return picture && turnedPicture(picture, rotation / 90);
    },
    get trouble() {
      return trouble;
    },
    get troubleSince() {
      return troubleSince;
    },
    onChange: (listener) => changes.add(listener),
  };
}
