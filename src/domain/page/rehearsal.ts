import type { BufferedFrame } from './frame-buffer.js';
import type { Gray, Judgement } from '../motion/judgement.js';
import type { RehearsalRun } from './payloads.js';
import { step, initialRoom } from '../room/step.js';
import type { RoomRule } from '../room/state.js';
import { stateCode } from '../room/status-code.js';
import { createTimelineRing } from './timeline-ring.js';

const anyId = '00000000-0000-7000-8000-000000000000';

/** So much of the tape is enough to know its scene. */
const learnSeconds = 30;

/**
 * Plays the tape to a judge and a room of their own and tells what they would have made of it. The end of the tape is
 * played first, only to learn the scene, which the detector knew when the tape began.
 * @param judge judges small pictures as the detector does frames, and remembers them
 */
export function rehearse(
  tape: readonly BufferedFrame[],
  judge: (gray: Gray, at: number, occupied: boolean) => Judgement,
  rule: RoomRule,
): RehearsalRun {
  const first = tape[0];
  const last = tape.at(-1);
  const ring = createTimelineRing(0.25, Math.max(1, Math.ceil(((last?.at ?? 0) - (first?.at ?? 0)) / 0.25) + 1));
  const visits: RehearsalRun['visits'] = [];
  const snapshots: number[] = [];
  if (first === undefined || last === undefined) return { visits, snapshots, timeline: ring.read() };

  const seam = 0.25;
  const earlier = last.at - first.at + seam;
  for (const { at, gray } of tape) if (last.at - at <= learnSeconds) judge(gray, at - earlier, false);

  // Warm from its first frame on: what the tape begins with is not the camera's start.
  const armed: RoomRule = { ...rule, armed: true, warmupSeconds: 0 };
  let [room] = step(initialRoom(first.at, armed), { kind: 'opened', at: first.at }, armed, () => anyId);
  for (const { at, gray } of tape) {
    const judgement = judge(gray, at, room.published.status === 'occupied');
    const [next, effects] = step(room, { kind: 'frame', at, judgement }, armed, () => anyId);
    room = next;
    for (const effect of effects) {
      if (effect.kind === 'snapshot') snapshots.push(at);
      if (effect.kind !== 'room_status') continue;
      const open = visits.at(-1);
      if (effect.status.status === 'occupied') {
        if (open?.ended_at !== null) visits.push({ began_at: at, ended_at: null });
      } else if (open?.ended_at === null) open.ended_at = at;
    }
    ring.record({ at, level: judgement.changed, threshold: judgement.threshold, state: stateCode(room.published) });
  }
  return { visits, snapshots, timeline: ring.read() };
}
