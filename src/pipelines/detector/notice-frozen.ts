import type { CameraEvent } from '../../domain/camera/camera-event.js';
import { FROZEN_SECONDS } from '../../domain/camera/frozen-picture.js';

const why = `the picture has not changed at all for ${FROZEN_SECONDS} s: restart the camera, or what passes its stream on`;

/** Adds `frozen` and `thawed` to a camera's events, each before the frame that shows it. */
export async function* noticeFrozen<Image>(
  events: AsyncIterable<CameraEvent<Image>>,
  isFrozen: (image: Image, at: number) => boolean,
): AsyncGenerator<CameraEvent<Image>, void, undefined> {
  let frozen = false;
  for await (const event of events) {
    if (event.kind === 'frame') {
      const { at, image } = event;
      const now = isFrozen(image, at);
      if (now !== frozen) yield now ? { kind: 'frozen', at, why } : { kind: 'thawed', at };
      frozen = now;
    } else if (event.kind !== 'resized') frozen = false;
    yield event;
  }
}
