import uPlot from 'uplot';
import type { GappedTimeline } from '../../../domain/page/gaps.js';
import type { Mark, Timeline } from '../../../domain/page/payloads.js';
import { drawLooks, drawMarks, drawStates } from './chart-paint.js';

/** A chart in the page. */
export type LevelChart = {
  /**
   * @param other a second level, as a plain line
   * @param until the end of what is shown, in seconds since the Unix epoch; otherwise the newest step
   */
  draw(timeline: GappedTimeline, marks: readonly Mark[], seconds: number, other?: Timeline, until?: number): void;
  /** Moves the cursor to one step. */
  point(index: number): void;
  close(): void;
};

const height = 240;
const readableShares = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1];

/** Reads a colour of the style sheet at each use, so that a change of theme needs only a redraw. */
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** What a chart shows now; uPlot's hooks read it at each redraw. */
type Shown = { timeline: GappedTimeline; marks: readonly Mark[]; seconds: number; until: number | undefined };

const axis: uPlot.Axis = {
  stroke: () => colour('text-soft'),
  grid: { stroke: () => colour('line'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui, sans-serif',
};

const axes: uPlot.Axis[] = [
  { ...axis, space: 60, values: (_, ticks) => ticks.map(clockTime), size: 28 },
  {
    ...axis,
    size: 48,
    space: 36,
    splits: (plot) => readableShares.filter((share) => share <= (plot.scales['y']?.max ?? 1)),
    filter: (plot, shares) => withoutOverlap(plot, shares),
    values: (_, shares) => shares.map((share) => (share === null ? '' : `${Number((share * 100).toFixed(2))} %`)),
  },
];

const series: uPlot.Series[] = [
  {},
  { stroke: () => colour('level'), fill: () => colour('level-fill'), width: 1.5, points: { show: false } },
  { stroke: () => colour('threshold'), width: 1.5, dash: [5, 4], points: { show: false } },
  { stroke: () => colour('other'), width: 1.5, points: { show: false } },
];

function scalesOf(shown: Readonly<Shown>): uPlot.Scales {
  const newest = () => shown.until ?? (shown.timeline.at.at(-1) ?? Date.now() / 1000) + shown.timeline.step_seconds;
  return {
    x: { time: true, range: () => [newest() - shown.seconds, newest()] },
    // A square-root scale: the threshold lies near zero, but a person near the camera fills half the picture.
    y: {
      distr: 100,
      fwd: Math.sqrt,
      bwd: (root) => root * root,
      range: (_, _min, max) => [0, Math.max(0.01, (Number.isFinite(max) ? max : 0) * 1.2)],
    },
  };
}

/** The index of the step under the cursor, undefined if the cursor is outside the chart. */
function indexAtCursor({ cursor }: uPlot): number | undefined {
  return cursor.left === undefined || cursor.left < 0 ? undefined : (cursor.idx ?? undefined);
}

/**
 * Draws the motion level and its threshold into `box`, with a band of the room's states and the marks of events.
 * @param pointed receives the step under the cursor, undefined if there is none
 */
export function createLevelChart(box: HTMLElement, pointed?: (index: number | undefined) => void): LevelChart {
  const shown: Shown = {
    timeline: { step_seconds: 1, at: [], level: [], threshold: [], state: [] },
    marks: [],
    seconds: 300,
    until: undefined,
  };
  const size = () => ({ width: Math.max(200, box.clientWidth), height });
  const options: uPlot.Options = {
    ...size(),
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { show: false } },
    scales: scalesOf(shown),
    axes,
    series,
    hooks: {
      drawAxes: [(plot) => drawStates(plot, shown.timeline, shown.until, colour)],
      draw: [(plot) => drawMarks(plot, shown.marks, colour), (plot) => drawLooks(plot, shown.marks, colour)],
      setCursor: [(plot) => pointed?.(indexAtCursor(plot))],
    },
  };
  const plot = new uPlot(options, [[], [], [], []], box);
  const resized = new ResizeObserver(() => plot.setSize(size()));
  resized.observe(box);
  const themed = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw(false);
  themed.addEventListener('change', redraw);

  return {
    draw(timeline, marks, seconds, other, until) {
      Object.assign(shown, { timeline, marks, seconds, until });
      const { at, level, threshold } = timeline;
      plot.setData([at, level, threshold, at.map((_, index) => other?.level[index] ?? null)]);
    },
    point(index) {
      const at = shown.timeline.at[index];
      if (at !== undefined) plot.setCursor({ left: Math.max(0, plot.valToPos(at, 'x')), top: 10 });
    },
    close() {
      themed.removeEventListener('change', redraw);
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** Removes shares whose label would touch the label below. */
function withoutOverlap(plot: uPlot, shares: readonly number[]): (number | null)[] {
  let lowest = Infinity;
  return shares.map((share) => {
    const place = plot.valToPos(share, 'y');
    if (lowest - place < 20) return null;
    lowest = place;
    return share;
  });
}

function clockTime(seconds: number): string {
  const options = {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds % 60 !== 0 && { second: '2-digit' as const }),
  } as const;
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', options);
}
