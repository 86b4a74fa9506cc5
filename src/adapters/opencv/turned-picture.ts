import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { Mat } from './binding.js';
import type { Picture } from './picture.js';

/**
 * The picture given quarter turns clockwise (0 to 3); takes it over. Only the colours are turned, when they are asked for: the
 * luma plane says how it is still to be turned, since what is made of it is much smaller.
 */
export function turnedPicture(picture: Picture, turns: number): Picture {
  if (turns === 0) return picture;
  const lying = turns % 2 === 1;
  let turned: Mat | undefined;
  return {
    width: lying ? picture.height : picture.width,
    height: lying ? picture.width : picture.height,
    // OpenCV's codes for one to three quarters are 0 to 2.
    bgr: () => (turned ??= picture.bgr().rotate(turns - 1)),
    luma() {
      const luma = picture.luma();
      return luma && { ...luma, turns: (luma.turns + turns) % 4 };
    },
    release() {
      turned?.release();
      turned = undefined;
      picture.release();
    },
  };
}

/** The events of a camera that hangs turned: every frame and size after `turns` quarter turns clockwise. */
export async function* turnedEvents(
  events: AsyncIterable<CameraEvent<Picture>>,
  turns: number,
): AsyncGenerator<CameraEvent<Picture>, void, undefined> {
  for await (const event of events) {
    if (event.kind === 'opened' || event.kind === 'resized') {
      const { width, height } = event;
      yield turns % 2 === 1 ? { ...event, width: height, height: width } : event;
    } else if (event.kind !== 'frame') yield event;
    else {
      const image = turnedPicture(event.image, turns);
      try {
        yield { ...event, image };
      } finally {
        image.release();
      }
    }
  }
}
