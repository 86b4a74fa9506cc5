/** A longer gap between two frames is a fault of the file, as in joined recordings. */
const greatestGapSeconds = 3600;
/** A smaller step back is a fault of one time stamp, a greater one the beginning of another recording. */
const greatestStepBackSeconds = 1;
/** Formats round their time stamps, most to milliseconds. */
const roundingSeconds = 0.002;

/**
 * The time axis of a recorded clip: answers for each frame in turn, by its time stamp in seconds (NaN where it has none), at
 * which second of the clip it happens. The first is at 0, and none is before the one before. An even clip gives exactly
 * frame number / fps; a frame without a time stamp comes one period after the one before.
 */
export function createClipClock(fps: number): (stamp: number) => number {
  let frame = -1;
  let at = 0;
  /** the time stamp of second 0, and the last one */
  let zero = NaN;
  let last = NaN;
  /** where even frames are counted from */
  let anchor = { at: 0, frame: 0 };

  /** Seconds by the time stamps; by the frame rate where they do not say. */
  const measure = (stamp: number): number => {
    const passed = stamp - last;
    if (passed > 0 && passed <= greatestGapSeconds) return stamp - zero;
    if (passed <= 0 && passed > -greatestStepBackSeconds) return at;
    const next = frame === 0 ? 0 : at + 1 / fps;
    if (!Number.isNaN(stamp)) zero = stamp - next;
    return next;
  };

  return (stamp) => {
    frame++;
    const measured = measure(stamp);
    if (!Number.isNaN(stamp) && !(stamp < last && last - stamp < greatestStepBackSeconds)) last = stamp;
    const even = anchor.at + (frame - anchor.frame) / fps;
    if (Math.abs(measured - even) > roundingSeconds) anchor = { at: measured, frame };
    at = Math.max(at, anchor.frame === frame ? measured : even);
    return at;
  };
}
