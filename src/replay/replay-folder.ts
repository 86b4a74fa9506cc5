import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNdjson } from '../adapters/files/ndjson-file.js';
import { annotate } from '../adapters/opencv/annotate.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { openVideoFile } from '../adapters/opencv/video-writer.js';
import type { Message } from '../domain/contract/messages.js';
import type { Observation } from '../domain/room/observation.js';

/** The folder that a replay writes (docs/contract.md §5). Times are seconds of the clip. */
export type ReplayFolder = {
  frame(frame: number, atSeconds: number, observation: Observation, picture: Picture): Promise<void>;
  message(atSeconds: number, message: Message): void;
  snapshot(id: string, jpeg: Uint8Array): Promise<void>;
  timeline(svg: string): Promise<void>;
  close(): Promise<void>;
};

/** What a replay's folder has to know of the clip; `timeOn` is the text of a time on its pictures. */
export type ReplayedClip = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly recordedAt: number | undefined;
  readonly timeOn: (at: number) => string;
};

/** Creates the folder if it is missing; overwrites the files of an earlier replay. */
export async function openReplayFolder(folder: string, clip: ReplayedClip, withVideo: boolean): Promise<ReplayFolder> {
  await mkdir(join(folder, 'snapshots'), { recursive: true });
  const frames = openNdjson(join(folder, 'frames.ndjson'));
  const messages = openNdjson(join(folder, 'messages.ndjson'));
  const video = withVideo ? openVideoFile(join(folder, 'annotated.mp4'), clip.fps, clip.width, clip.height) : undefined;
  let writing = Promise.resolve();
  return {
    async frame(frame, atSeconds, { judgement, room }, picture) {
      const { status, motion, people } = room.published;
      const known = status === 'unknown' ? undefined : judgement;
      await frames.write({
        frame,
        at_seconds: milli(atSeconds),
        moving: known?.moving ?? false,
        motion,
        status,
        changed: Math.round((known?.changed ?? 0) * 1e6) / 1e6,
        regions: (known?.regions ?? []).map(({ x, y, width, height }) => [
          Math.round(x * clip.width),
          Math.round(y * clip.height),
          Math.round(width * clip.width),
          Math.round(height * clip.height),
        ]),
        people,
      });
      if (video === undefined) return;
      const drawn = annotate(picture, {
        regions: known?.regions ?? [],
        occupied: status === 'occupied',
        time: clip.timeOn((clip.recordedAt ?? 0) + atSeconds),
      });
      try {
        await video.write(drawn, atSeconds);
      } finally {
        drawn.release();
      }
    },
    message(atSeconds, { topic, qos, retain, payload }) {
      writing = writing.then(() => messages.write({ at_seconds: milli(atSeconds), topic, qos, retain, payload }));
    },
    snapshot: (id, jpeg) => writeFile(join(folder, 'snapshots', `${id}.jpg`), jpeg, { mode: 0o600 }),
    timeline: (svg) => writeFile(join(folder, 'timeline.svg'), svg),
    async close() {
      await writing;
      video?.close();
      await Promise.all([frames.close(), messages.close()]);
    },
  };
}

function milli(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
