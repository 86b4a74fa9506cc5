import type { RoomStatus, ZoneStatus } from '../contract/payloads.js';
import type { BufferedFrame } from './packed-frames.js';
import type { Gray, Judgement } from '../motion/judgement.js';
import type { RehearsalRun } from './payloads.js';
import { step, initialRoom } from '../room/step.js';
import type { RoomRule } from '../room/state.js';
import { stateCode } from '../room/status-code.js';
import type { RehearsedFrame, RehearsedRecognition } from './rehearsed-recognition.js';
import { createTimelineRing } from './timeline-ring.js';

const anyId = '00000000-0000-7000-8000-000000000000';

/** This much of the recording is enough to learn its scene. */
const learnSeconds = 30;

/**
 * Judges recorded frames again with other rules, in a room of their own. The last half minute is judged once before, only to
 * learn the scene, because the detector already knew the scene when the recording began.
 * @param judge judges small pictures as the detector judges frames; keeps its state between calls
 * @param recognise adds what was recognised, and where somebody is
 */
export function rehearse(
  frames: readonly BufferedFrame[],
  judge: (gray: Gray, at: number, occupied: boolean) => Judgement,
  rule: RoomRule,
  recognise: RehearsedRecognition = (judgement): RehearsedFrame => ({ judgement }),
): RehearsalRun {
  const first = frames[0];
  const last = frames.at(-1);
  const ring = createTimelineRing(0.25, Math.max(1, Math.ceil(((last?.at ?? 0) - (first?.at ?? 0)) / 0.25) + 1));
  const visits: RehearsalRun['visits'] = [];
  const zones = rule.zones.map(({ name }) => ({ zone: name, stays: [] as Stay[] }));
  const snapshots: number[] = [];
  if (first === undefined || last === undefined)
    return { visits, zones, ignored_motions: 0, snapshots, timeline: ring.read() };

  // The learning pass ends just before the first frame, so that time only goes forward.
  const shift = last.at - first.at + 0.25;
  for (const { at, gray } of frames) if (last.at - at <= learnSeconds) judge(gray, at - shift, false);

  // No warm-up: the recording does not begin when the camera opens.
  const armed: RoomRule = { ...rule, armed: true, warmupSeconds: 0 };
  let [room] = step(initialRoom(first.at, armed), { kind: 'opened', at: first.at }, armed, () => anyId);
  for (const { at, gray } of frames) {
    const occupied = room.published.status === 'occupied';
    const seen = recognise(judge(gray, at, occupied), at, occupied);
    const [next, effects] = step(room, { kind: 'frame', at, ...seen }, armed, () => anyId);
    room = next;
    for (const effect of effects) {
      if (effect.kind === 'snapshot' || effect.kind === 'keep_held_snapshot') snapshots.push(effect.order.at);
      if (effect.kind === 'room_status') noteStatus(visits, effect.status, at);
      if (effect.kind === 'zone_status') noteZone(zones, effect.status, at);
    }
    const { changed: level, threshold } = seen.judgement;
    ring.record({ at, level, threshold, state: stateCode(room.published) });
  }
  return { visits, zones, ignored_motions: room.ignoredMotions, snapshots, timeline: ring.read() };
}

type Stay = RehearsalRun['zones'][number]['stays'][number];

function noteStatus(visits: RehearsalRun['visits'], { status, confirmed }: RoomStatus, at: number): void {
  const open = noteStay(visits, status === 'occupied', { began_at: at, ended_at: null, confirmed });
  if (open !== undefined) open.confirmed ||= confirmed;
}

function noteZone(zones: RehearsalRun['zones'], { zone, status }: ZoneStatus, at: number): void {
  const stays = zones.find((one) => one.zone === zone)?.stays ?? [];
  noteStay(stays, status === 'occupied', { began_at: at, ended_at: null });
}

/** Begins this stay, or ends the last one; gives the one that goes on. */
function noteStay<One extends Stay>(stays: One[], occupied: boolean, begins: One): One | undefined {
  const last = stays.at(-1);
  const open = last?.ended_at === null ? last : undefined;
  if (!occupied && open !== undefined) open.ended_at = begins.began_at;
  if (occupied && open === undefined) stays.push(begins);
  return occupied ? open : undefined;
}
