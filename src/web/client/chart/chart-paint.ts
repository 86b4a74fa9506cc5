import type uPlot from 'uplot';
import { isLook } from '../../../domain/page/mark-list.js';
import type { Mark, Timeline } from '../../../domain/page/payloads.js';

const bandHeight = 8;

/** Draws the room's states as a band along the bottom: one rectangle for each period with the same state. */
export function drawStates(plot: uPlot, timeline: Timeline, colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const thickness = bandHeight * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (let from = 0; from < timeline.at.length;) {
    let to = from + 1;
    const sameState = () =>
      timeline.state[to] === timeline.state[from] &&
      (timeline.at[to] ?? 0) - (timeline.at[to - 1] ?? 0) < timeline.step_seconds * 8;
    while (to < timeline.at.length && sameState()) to++;
    const left = plot.valToPos(timeline.at[from] ?? 0, 'x', true);
    const right = plot.valToPos((timeline.at[to - 1] ?? 0) + timeline.step_seconds, 'x', true);
    ctx.fillStyle = colour(`state-${timeline.state[from] ?? 0}`);
    ctx.fillRect(left, bbox.top + bbox.height - thickness, Math.max(1, right - left), thickness);
    from = to;
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
