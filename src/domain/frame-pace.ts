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
