import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNdjson } from '../adapters/files/ndjson-file.js';
import { annotate } from '../adapters/opencv/annotate.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { openVideoFile } from '../adapters/opencv/video-writer.js';
import type { Message } from '../domain/contract/messages.js';
import { tutorialTime } from '../domain/snapshots/tutorial-time.js';
import type { Observation } from '../domain/room/observation.js';

/** The folder a replay writes (CONTRACT.md §5). */
export type ReplayFolder = {
  frame(frame: number, atSeconds: number, seen: Observation, picture: Picture): Promise<void>;
  message(atSeconds: number, message: Message): void;
  snapshot(id: string, jpeg: Uint8Array): Promise<void>;
  timeline(svg: string): Promise<void>;
  close(): Promise<void>;
};

/** Makes the folder where it is missing; what an earlier replay left there under the same names is written anew. */
export async function openReplayFolder(
  folder: string,
  clip: { readonly width: number; readonly height: number; readonly fps: number },
  withVideo: boolean,
): Promise<ReplayFolder> {
  await mkdir(join(folder, 'snapshots'), { recursive: true });
  const frames = openNdjson(join(folder, 'frames.ndjson'));
  const messages = openNdjson(join(folder, 'messages.ndjson'));
  const video = withVideo ? openVideoFile(join(folder, 'annotated.mp4'), clip.fps, clip.width, clip.height) : undefined;
  let saying = Promise.resolve();
  return {
    async frame(frame, atSeconds, { judgement, room }, picture) {
      const { published: said } = room;
      const seen = said.status === 'unknown' ? undefined : judgement;
      await frames.write({
        frame,
        at_seconds: milli(atSeconds),
        moving: seen?.moving ?? false,
        motion: said.motion,
        status: said.status,
        changed: Math.round((seen?.changed ?? 0) * 1e6) / 1e6,
        regions: (seen?.regions ?? []).map(({ x, y, width, height }) => [
          Math.round(x * clip.width),
          Math.round(y * clip.height),
          Math.round(width * clip.width),
          Math.round(height * clip.height),
        ]),
      });
      if (video === undefined) return;
      const drawn = annotate(picture, {
        regions: seen?.regions ?? [],
        occupied: said.status === 'occupied',
        time: tutorialTime(atSeconds),
      });
      await video.write(drawn);
      drawn.release();
    },
    message(atSeconds, { topic, qos, retain, payload }) {
      saying = saying.then(() => messages.write({ at_seconds: milli(atSeconds), topic, qos, retain, payload }));
    },
    snapshot: (id, jpeg) => writeFile(join(folder, 'snapshots', `${id}.jpg`), jpeg, { mode: 0o600 }),
    timeline: (svg) => writeFile(join(folder, 'timeline.svg'), svg),
    async close() {
      await saying;
      video?.close();
      await Promise.all([frames.close(), messages.close()]);
    },
  };
}

function milli(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
