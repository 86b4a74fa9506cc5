import type { PageServer } from '../../adapters/http/page.js';
import { encodeGray } from '../../adapters/opencv/jpeg.js';
import { renderPicture } from '../../adapters/opencv/live-view.js';
import type { Picture } from '../../adapters/opencv/picture.js';
import type { Judgement } from '../../domain/motion/judgement.js';
import type { MotionDetector } from '../../domain/motion/motion-detector.js';
import type { LiveView } from '../../domain/page/payloads.js';

/** The viewers of a page whose server is opened later; until then nobody watches. */
export type Viewers = PageServer & { connect(server: PageServer | undefined): void };

const noViews: ReadonlySet<LiveView> = new Set();

/** Starts without a server. */
export function createViewers(): Viewers {
  let server: PageServer | undefined;
  return {
    connect: (opened) => void (server = opened),
    wantedViews: () => server?.wantedViews() ?? noViews,
    sendPicture: (view, jpeg) => server?.sendPicture(view, jpeg),
    listenerCount: () => server?.listenerCount() ?? 0,
    sendEvent: (event) => server?.sendEvent(event),
  };
}

/**
 * A JPEG of one live view of the frame that was judged last, still on loan. While the detector has no such view yet, it is the
 * plain picture.
 */
export async function renderView(
  detector: MotionDetector<Picture>,
  view: LiveView,
  picture: Picture,
  judgement: Judgement | undefined,
): Promise<Uint8Array> {
  if (view === 'picture') return await renderPicture(picture, judgement?.regions ?? []);
  const gray = detector.inspect(view, picture);
  return await (gray === undefined ? renderPicture(picture, []) : encodeGray(gray));
}
