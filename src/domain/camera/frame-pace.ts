/**
 * Chooses the frames to judge: at most `fps` a second in the long run, evenly spread. Only the frame times (seconds) count, so
 * a replay and a live camera give the same answer. A camera of about `fps` loses no frame to a jitter of half a period.
 */
export function createFramePace(fps: number): (at: number) => boolean {
  const period = 1 / fps;
  let due = -Infinity;
  return (at) => {
    // A clock that was set back must not stop the judging.
    if (due - at > 2 * period) due = at;
    // A microsecond is added, because n / fps * fps is not always n.
    if (at < due - period / 2 + 1e-6) return false;
    due = (at - due > period ? at : due) + period;
    return true;
  };
}

/** Chooses the frames to analyse: at least `seconds` lie between two of them, unless the clock was set back. */
export function createAnalysisPace(seconds: number): (at: number) => boolean {
  let analysedAt = -Infinity;
  return (at) => {
    const passed = at - analysedAt;
    if (passed >= 0 && passed < seconds) return false;
    analysedAt = at;
    return true;
  };
}
