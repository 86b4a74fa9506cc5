import { areSimilar } from '../../domain/page/similar-pictures.js';
import type { FrameBuffer } from '../../domain/page/frame-buffer.js';
import type { Gray, Judgement, Region } from '../../domain/motion/judgement.js';
import type { LiveView, Mark, Moment } from '../../domain/page/payloads.js';
import type { Observation } from '../../domain/room/observation.js';
import { stateCode } from '../../domain/room/status-code.js';
import type { MotionHistory } from '../../domain/page/history.js';

type Needs<Image> = {
  history: MotionHistory;
  tape: FrameBuffer;
  /** The small gray picture that is judged; asked only while somebody has the page open. */
  gray(image: Image): Gray | undefined;
  /** Whether the last frame was analysed to be judged. */
  analysed(): boolean;
  /** A JPEG of one view; must be quick. */
  render(view: LiveView, image: Image, judgement: Judgement | undefined): Uint8Array;
  viewers: {
    wanted(): ReadonlySet<LiveView>;
    show(view: LiveView, jpeg: Uint8Array): void;
    listeners(): number;
    say(event: { name: 'moment'; data: Moment } | { name: 'mark'; data: Mark }): void;
  };
  /** seconds of a clock that runs at its own pace, whatever the frames' times do */
  clock(): number;
  failed(error: unknown): void;
};

const pictureSeconds = 0.2;
/** Between pictures, and between moments, of a scene in which nothing changes. */
const restSeconds = 1;
const momentSeconds = 0.25;
/** The tape is kept for so long after the last person left the page. */
const tapeKeptSeconds = 600;

/**
 * Shows people what the detector sees, frame by frame. The gauge is always kept; a picture is made only for a view that
 * somebody watches, once for all of them: five times a second while there is anything new to be seen, else once. Who listens
 * hears four moments a second while anything happens, else one.
 */
export function createPageUpdater<Image>(needs: Needs<Image>): (seen: Observation, image: Image) => void {
  const { history, tape, viewers } = needs;
  let picturesAt = -Infinity;
  let shown: Gray | undefined;
  let compared: Gray | undefined;
  let said: Moment | undefined;
  let saidAt = -Infinity;
  let listenedAt = -Infinity;

  function show(view: LiveView, image: Image, judgement: Judgement | undefined) {
    try {
      viewers.show(view, needs.render(view, image, judgement));
    } catch (error) {
      needs.failed(error);
    }
  }

  /** Looks at each picture of the tape once; one that differs is shown, and no more compared. */
  function nothingNew(newest: Gray | undefined): boolean {
    if (newest === undefined || shown === undefined) return false;
    if (newest === compared) return true;
    compared = newest;
    return areSimilar(newest, shown);
  }

  return ({ at, judgement, room }, image) => {
    const state = stateCode(room.published);
    const level = judgement?.changed ?? 0;
    const threshold = judgement?.threshold ?? 0;
    history.record({ at, level, threshold, state });
    if (judgement?.suppressed !== undefined) {
      const mark = { at, kind: judgement.suppressed };
      history.addMark(mark);
      viewers.say({ name: 'mark', data: mark });
    }

    const now = needs.clock();
    if (viewers.listeners() > 0) {
      listenedAt = now;
      tape.record(at, () => needs.gray(image));
      if (now - saidAt >= momentSeconds - 0.01) {
        const regions = judgement?.regions.map(corners) ?? [];
        const moment = { at, level, threshold, state, moving: judgement?.moving ?? false, regions };
        if (now - saidAt >= restSeconds - 0.01 || said === undefined || !asCalm(moment, said)) {
          said = moment;
          saidAt = now;
          viewers.say({ name: 'moment', data: moment });
        }
      }
    } else if (now - listenedAt > tapeKeptSeconds) tape.clear();

    if (now - picturesAt < pictureSeconds - 0.01) return;
    const wanted = viewers.wanted();
    // The regions are those of the last frame that was looked at, and a clip gives its picture once more.
    if (!needs.analysed() && now - picturesAt < 2 * pictureSeconds) return;
    if (wanted.size === 0) return;
    const newest = viewers.listeners() > 0 ? tape.newest() : undefined;
    if (now - picturesAt < restSeconds && nothingNew(newest)) return;
    picturesAt = now;
    shown = compared = newest;
    for (const view of wanted) show(view, image, judgement);
  };
}

/** Whether nothing happens in either, and both say the same. */
function asCalm(one: Moment, other: Moment): boolean {
  const { level, threshold, state, regions } = one;
  const nothing = level === 0 && regions.length === 0 && other.regions.length === 0;
  return nothing && other.level === 0 && other.threshold === threshold && other.state === state;
}

function corners({ x, y, width, height }: Region): [number, number, number, number] {
  return [x, y, width, height];
}
