import { areSimilar } from '../../domain/page/similar-pictures.js';
import type { FrameBuffer } from '../../domain/page/frame-buffer.js';
import type { Gray, Judgement } from '../../domain/motion/judgement.js';
import type { LiveView, Mark, Moment } from '../../domain/page/payloads.js';
import { roundedShares } from '../../domain/room/motion-events.js';
import type { Observation } from '../../domain/room/observation.js';
import { stateCode } from '../../domain/room/status-code.js';
import type { MotionHistory } from '../../domain/page/history.js';

type Viewers = {
  /** the live views that are watched and can take a picture now */
  wantedViews(): ReadonlySet<LiveView>;
  sendPicture(view: LiveView, jpeg: Uint8Array): void;
  /** how many pages are open */
  listenerCount(): number;
  sendEvent(event: { name: 'moment'; data: Moment } | { name: 'mark'; data: Mark }): void;
};

type Needs<Image> = {
  history: MotionHistory;
  buffer: FrameBuffer;
  /** whether the last minutes are recorded while no page is open, too: not where every frame is judged in full size */
  recordsUnwatched: boolean;
  /** The small gray picture that is judged. */
  gray(image: Image): Gray | undefined;
  /** A JPEG of one view; must be quick. */
  render(view: LiveView, image: Image, judgement: Judgement | undefined): Promise<Uint8Array>;
  viewers: Viewers;
  /** seconds of a clock that only runs forward, independent of the frames' times */
  clock(): number;
  /** Receives the error when a picture cannot be rendered. */
  failed(error: unknown): void;
};

const pictureSeconds = 0.2;
const momentSeconds = 0.25;
/** The interval of pictures and of moments while nothing changes in the scene. */
const calmSeconds = 1;
/** Frames come at their own times: an interval that is shorter by this much counts as over. */
const toleranceSeconds = 0.01;

/**
 * Returns the function that updates the page with each observed frame. The motion history and the small pictures of the last
 * minutes are always recorded. The rest costs nothing while nobody watches: a picture is rendered only for views that are watched, once for all viewers, five times a
 * second while the scene changes and once a second otherwise; open pages receive four moments a second while something
 * happens, and one a second otherwise.
 */
export function createPageUpdater<Image>(needs: Needs<Image>): (seen: Observation, image: Image) => void {
  const { history, buffer, viewers } = needs;
  const sendMoment = createMomentSender(viewers);
  const sendPictures = createPictureSender(needs);

  return (seen, image) => {
    const { at, judgement } = seen;
    history.record(levelOf(seen));
    if (judgement?.suppressed !== undefined) {
      const mark = { at, kind: judgement.suppressed };
      history.addMark(mark);
      viewers.sendEvent({ name: 'mark', data: mark });
    }
    const now = needs.clock();
    const isWatched = viewers.listenerCount() > 0;
    if (isWatched || needs.recordsUnwatched) buffer.record(at, () => needs.gray(image));
    if (isWatched) sendMoment(seen, now);
    sendPictures(image, judgement, now);
  };
}

function createMomentSender({ sendEvent }: Viewers) {
  let last: Moment | undefined;
  let sentAt = -Infinity;
  return (seen: Observation, now: number): void => {
    const passed = now - sentAt + toleranceSeconds;
    if (passed < momentSeconds) return;
    const moment = momentOf(seen);
    if (passed < calmSeconds && last !== undefined && bothCalm(moment, last)) return;
    last = moment;
    sentAt = now;
    sendEvent({ name: 'moment', data: moment });
  };
}

function createPictureSender<Image>({ buffer, viewers, render, failed }: Needs<Image>) {
  let sentAt = -Infinity;
  let sent: Gray | undefined;
  let compared: Gray | undefined;
  /** Pictures that are being rendered; none is started before they are sent, so that they stay in order. */
  let rendering = 0;

  /** Compares each buffered picture once: a picture that differs from the one sent last is sent now. */
  const looksUnchanged = (newest: Gray | undefined): boolean => {
    if (newest === undefined || sent === undefined) return false;
    if (newest === compared) return true;
    compared = newest;
    return areSimilar(newest, sent);
  };
  const sendView = async (view: LiveView, image: Image, judgement: Judgement | undefined) => {
    rendering += 1;
    try {
      viewers.sendPicture(view, await render(view, image, judgement));
    } catch (error) {
      failed(error);
    } finally {
      rendering -= 1;
    }
  };

  return (image: Image, judgement: Judgement | undefined, now: number): void => {
    if (rendering > 0 || now - sentAt < pictureSeconds - toleranceSeconds) return;
    const wanted = viewers.wantedViews();
    if (wanted.size === 0) return;
    const newest = buffer.newest();
    if (now - sentAt < calmSeconds && looksUnchanged(newest)) return;
    sentAt = now;
    sent = compared = newest;
    for (const view of wanted) void sendView(view, image, judgement);
  };
}

function levelOf({ at, judgement, room }: Observation) {
  return {
    at,
    level: judgement?.changed ?? 0,
    threshold: judgement?.threshold ?? 0,
    state: stateCode(room.published),
  };
}

function momentOf(seen: Observation): Moment {
  const { judgement } = seen;
  const regions = judgement === undefined ? [] : roundedShares(judgement).regions;
  return { ...levelOf(seen), moving: judgement?.moving ?? false, regions };
}

/** Whether nothing happens in either moment, and both have the same threshold and state. */
function bothCalm(one: Moment, other: Moment): boolean {
  const nothing = one.level === 0 && one.regions.length === 0 && other.level === 0 && other.regions.length === 0;
  return nothing && other.threshold === one.threshold && other.state === one.state;
}
