/**
 * Says which frames are judged: at most `fps` a second on the long run, spread evenly. It depends on the frames' own times
 * only (seconds), so a replay and a live camera judge alike; a camera of about `fps` loses none to a jitter of half a period.
 */
export function createFramePace(fps: number): (at: number) => boolean {
  const period = 1 / fps;
  let due = -Infinity;
  return (at) => {
    // Time that jumped back (a clock was set) must not stop the judging.
    if (due - at > 2 * period) due = at;
    // A hair's breadth is added: n/fps*fps is not always n.
    if (at < due - period / 2 + 1e-6) return false;
    due = (at - due > period ? at : due) + period;
    return true;
  };
}

/** Says at which frames a detector looks that needs `seconds` between two pictures. */
export function createAnalysisPace(seconds: number): (at: number) => boolean {
  let lookedAt = -Infinity;
  return (at) => {
    const passed = at - lookedAt;
    if (passed >= 0 && passed < seconds) return false;
    lookedAt = at;
    return true;
  };
}

/** Headers of damaged files promise any number of frames. */
const mostPlanned = 1_000_000;

/** For each frame of a clip whether it is looked at (1) or not (0) by who judges `fps` a second and looks every `lookSeconds`. */
export function planLooks(
  clip: { readonly fps: number; readonly frameCount: number },
  fps: number,
  lookSeconds: number,
): Uint8Array {
  const due = createFramePace(fps);
  const looks = createAnalysisPace(lookSeconds);
  return Uint8Array.from({ length: Math.min(mostPlanned, clip.frameCount) }, (_, frame) => {
    const at = frame / clip.fps;
    return due(at) && looks(at) ? 1 : 0;
  });
}
