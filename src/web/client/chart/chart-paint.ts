import type uPlot from 'uplot';
import type { GappedTimeline } from '../../../domain/page/gaps.js';
import { isLook } from '../../../domain/page/mark-list.js';
import type { Mark } from '../../../domain/page/payloads.js';

const bandHeight = 8;

/**
 * Draws the room's states as a band along the bottom, one rectangle for each period with the same state; `unknown` fills the
 * whole height.
 * @param until the end of what is shown, if gaps are marked in the timeline: then only those are gaps
 */
export function drawStates(
  plot: uPlot,
  { at, level, state, step_seconds }: GappedTimeline,
  until: number | undefined,
  colour: (name: string) => string,
): void {
  const { ctx, bbox } = plot;
  const thickness = bandHeight * devicePixelRatio;
  const place = (seconds: number) => plot.valToPos(seconds, 'x', true);
  /** The time at which a step's state ends. */
  const endOf = (step: number) => {
    const own = (at[step] ?? 0) + step_seconds;
    const next = at[step + 1];
    if (next === undefined) return level[step] === null && until !== undefined ? until : own;
    return until === undefined && next - own > step_seconds * 8 ? own : next;
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (let from = 0; from < at.length;) {
    let to = from;
    while (to + 1 < at.length && state[to + 1] === state[from] && endOf(to) === at[to + 1]) to++;
    const left = place(at[from] ?? 0);
    const width = Math.max(1, place(endOf(to)) - left);
    if (state[from] === 0) {
      ctx.fillStyle = colour('unknown-band');
      ctx.fillRect(left, bbox.top, width, bbox.height);
    }
    ctx.fillStyle = colour(`state-${state[from] ?? 0}`);
    ctx.fillRect(left, bbox.top + bbox.height - thickness, width, thickness);
    from = to + 1;
  }
  ctx.restore();
}

/** Draws a vertical line with a symbol at the top for each event: a dot for a snapshot, a diamond for a light change. */
export function drawMarks(plot: uPlot, marks: readonly Mark[], colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const size = 4 * devicePixelRatio;
  ctx.save();
  for (const mark of marks) {
    const { at, kind } = mark;
    if (isLook(mark)) continue;
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const snapshot = kind === 'snapshot';
    ctx.strokeStyle = ctx.fillStyle = colour(snapshot ? 'snapshot' : 'light');
    ctx.lineWidth = devicePixelRatio;
    ctx.globalAlpha = 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    if (snapshot) ctx.arc(x, bbox.top + size, size, 0, 2 * Math.PI);
    else {
      ctx.moveTo(x, bbox.top - size * 0.4);
      ctx.lineTo(x + size * 1.4, bbox.top + size);
      ctx.lineTo(x, bbox.top + size * 2.4);
      ctx.lineTo(x - size * 1.4, bbox.top + size);
    }
    ctx.fill();
  }
  ctx.restore();
}

/** Draws each look as a small mark above the band of states: a square, a short line, or an empty square for furniture. */
export function drawLooks(plot: uPlot, marks: readonly Mark[], colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const size = 6 * devicePixelRatio;
  const top = bbox.top + bbox.height - bandHeight * devicePixelRatio - size - 3 * devicePixelRatio;
  ctx.save();
  for (const mark of marks) {
    if (!isLook(mark)) continue;
    const x = plot.valToPos(mark.at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = colour(`look-${mark.kind.replace('_', '-')}`);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    if (mark.kind === 'recognised') ctx.fillRect(x - size / 2, top, size, size);
    else if (mark.kind === 'furniture') ctx.strokeRect(x - size / 2, top, size, size);
    else ctx.fillRect(x - devicePixelRatio / 2, top, devicePixelRatio, size);
  }
  ctx.restore();
}
