import { scaleLinear, scaleSqrt } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { RoomStatus } from '../../domain/contract/payloads.js';

/** One judged frame, as the timeline shows it. */
export type TimelinePoint = {
  /** seconds from the beginning of the clip */
  readonly at: number;
  /** shares of the frame (0 to 1) */
  readonly level: number;
  /** what moved but was not believed */
  readonly rejected: number;
  readonly threshold: number;
  readonly moving: boolean;
  readonly present: boolean;
  readonly suppressed: string | undefined;
  readonly status: RoomStatus['status'];
  readonly motion: boolean;
};

/** A stretch of time, seconds. */
export type Span = { readonly from: number; readonly to: number };

/** What is drawn: a whole clip. */
export type Timeline = {
  readonly title: string;
  readonly seconds: number;
  readonly points: readonly TimelinePoint[];
  readonly snapshots: readonly number[];
  /** when somebody really was there, where that is known */
  readonly truth: readonly Span[] | undefined;
};

const width = 1400;
const margin = { left: 128, right: 20, top: 34 };
const chartHeight = 220;
const rowHeight = 22;
const colours = {
  level: '#2b6cb0',
  rejected: '#a0aec0',
  threshold: '#c53030',
  occupied: '#2f855a',
  motion: '#38a169',
  presence: '#805ad5',
  unknown: '#a0aec0',
  suppressed: '#d69e2e',
  snapshot: '#1a202c',
  truth: '#dd6b20',
};

/**
 * Draws why the room was judged as it was: motion level against its threshold (root scale: small levels matter), what
 * moved but was taken for the scene itself, the signs a frame gave, the status that followed, the snapshots, and the truth where it is known.
 */
export function drawTimeline(timeline: Timeline): string {
  const { points, seconds } = timeline;
  const x = scaleLinear([0, Math.max(seconds, 1)], [margin.left, width - margin.right]);
  const top = Math.max(0.02, ...points.map((point) => Math.max(point.level, point.rejected, point.threshold)));
  const y = scaleSqrt([0, top], [margin.top + chartHeight, margin.top]);
  const areaOf = (share: (point: TimelinePoint) => number) =>
    area<TimelinePoint>()
      .x((point) => x(point.at))
      .y0(y(0))
      .y1((point) => y(share(point)))(points) ?? '';
  const thresholds = line<TimelinePoint>()
    .x((point) => x(point.at))
    .y((point) => y(point.threshold))
    .curve(curveStepAfter);

  const lanes: Lane[] = [
    ...(timeline.truth === undefined ? [] : [{ name: 'somebody there', colour: colours.truth, spans: timeline.truth }]),
    {
      name: 'occupied',
      colour: colours.occupied,
      spans: spansOf(points, seconds, (point) => point.status === 'occupied'),
    },
    {
      name: 'unknown',
      colour: colours.unknown,
      spans: spansOf(points, seconds, (point) => point.status === 'unknown'),
    },
    { name: 'motion', colour: colours.motion, spans: spansOf(points, seconds, (point) => point.motion) },
    { name: 'frames moving', colour: colours.level, spans: spansOf(points, seconds, (point) => point.moving) },
    { name: 'signs of presence', colour: colours.presence, spans: spansOf(points, seconds, (point) => point.present) },
    { name: 'light, suppressed', colour: colours.suppressed, marks: markedAt(points) },
    { name: 'snapshots', colour: colours.snapshot, marks: timeline.snapshots.map((at) => ({ at, why: 'snapshot' })) },
  ];
  const lanesTop = margin.top + chartHeight + 14;
  const axisTop = lanesTop + lanes.length * rowHeight + 4;
  const height = axisTop + 34;

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#2d3748">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin.left}" y="20" font-size="14" font-weight="600">${escape(timeline.title)}</text>
${y
  .ticks(5)
  .map(
    (share) =>
      `<path d="M${margin.left} ${r(y(share))}H${width - margin.right}" stroke="#e2e8f0"/><text x="${margin.left - 8}" y="${r(y(share) + 4)}" text-anchor="end">${+(share * 100).toFixed(2)} %</text>`,
  )
  .join('\n')}
<path d="${areaOf((point) => point.rejected)}" fill="${colours.rejected}" fill-opacity="0.6"><title>moved, not believed</title></path>
<path d="${areaOf((point) => point.level)}" fill="${colours.level}" fill-opacity="0.35" stroke="${colours.level}" stroke-width="0.7"/>
<path d="${thresholds(points) ?? ''}" fill="none" stroke="${colours.threshold}" stroke-dasharray="5 3"/>
<text x="${margin.left - 8}" y="${margin.top - 8}" text-anchor="end">motion level</text>
${key([
  { name: 'moves, and is somebody', colour: colours.level },
  { name: 'moves, but is not believed (the scene itself, light, too small)', colour: colours.rejected },
  { name: 'least that counts', colour: colours.threshold },
])}
${lanes.map((lane, row) => drawLane(lane, lanesTop + row * rowHeight, x)).join('\n')}
${x
  .ticks(14)
  .map(
    (at) =>
      `<path d="M${r(x(at))} ${margin.top}V${axisTop}" stroke="#000" stroke-opacity="0.06"/><text x="${r(x(at))}" y="${axisTop + 16}" text-anchor="middle">${clock(at)}</text>`,
  )
  .join('\n')}
</svg>
`;
}

/** Names the curves, at the right above them. */
function key(curves: readonly { readonly name: string; readonly colour: string }[]): string {
  const words = curves.map(({ name, colour }) => `<tspan fill="${colour}">■</tspan> ${name}`);
  return `<text x="${width - margin.right}" y="20" text-anchor="end">${words.join(' &#160; ')}</text>`;
}

type Mark = { readonly at: number; readonly why: string };
type Lane = { readonly name: string; readonly colour: string } & (
  { readonly spans: readonly Span[] } | { readonly marks: readonly Mark[] }
);

function drawLane(lane: Lane, top: number, x: (at: number) => number): string {
  const shapes =
    'spans' in lane
      ? lane.spans.map(
          ({ from, to }) =>
            `<rect x="${r(x(from))}" y="${top + 4}" width="${r(Math.max(1, x(to) - x(from)))}" height="${rowHeight - 8}" fill="${lane.colour}"><title>${lane.name}: ${from.toFixed(2)} to ${to.toFixed(2)} s</title></rect>`,
        )
      : lane.marks.map(
          ({ at, why }) =>
            `<path d="M${r(x(at))} ${top + 4}v${rowHeight - 8}" stroke="${lane.colour}" stroke-width="2"><title>${escape(why)} at ${at.toFixed(2)} s</title></path>`,
        );
  return `<text x="${margin.left - 8}" y="${top + 15}" text-anchor="end">${lane.name}</text>${shapes.join('')}`;
}

function spansOf(points: readonly TimelinePoint[], end: number, holds: (point: TimelinePoint) => boolean): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const point of points) {
    if (holds(point)) from ??= point.at;
    else if (from !== undefined) {
      spans.push({ from, to: point.at });
      from = undefined;
    }
  }
  if (from !== undefined) spans.push({ from, to: end });
  return spans;
}

function markedAt(points: readonly TimelinePoint[]): Mark[] {
  return points.flatMap(({ at, suppressed }) => (suppressed === undefined ? [] : [{ at, why: suppressed }]));
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

const r = (value: number) => Math.round(value * 10) / 10;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
