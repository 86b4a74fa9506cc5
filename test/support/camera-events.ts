import type { CameraEvent } from '../../src/domain/camera/camera-event.js';
import type { Picture } from '../../src/adapters/opencv/picture.js';

type Event = CameraEvent<Picture>;

/** The events of a camera until `see` calls `stop`; the images of the frames are released by then. */
export async function collect(
  open: (signal: AbortSignal) => AsyncIterable<Event>,
  see: (event: Event, stop: () => void, before: readonly string[]) => void | Promise<void>,
): Promise<readonly Event[]> {
  const stop = new AbortController();
  const events: Event[] = [];
  const kinds: string[] = [];
  for await (const event of open(stop.signal)) {
    await see(event, () => stop.abort(), kinds);
    events.push(event);
    kinds.push(event.kind);
  }
  return events;
}
