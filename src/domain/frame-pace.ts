/**
 * Says which frames are judged: at most `fps` a second of the frames' own time, the first frame of each slot of 1/fps s.
 * It depends on the frames' times only, so a replay and a live camera judge alike.
 */
export function createFramePace(fps: number): (at: number) => boolean {
  let lastSlot: number | undefined;
  return (at) => {
    // A hair's breadth is added: n/fps*fps is not always n.
    const slot = Math.floor(at * fps + 1e-6);
    if (slot === lastSlot) return false;
    lastSlot = slot;
    return true;
  };
}
