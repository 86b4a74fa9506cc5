import { scaleLinear, scaleSqrt } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { LookOutcome } from '../../domain/recognition/look-outcome.js';
import type { TimelinePoint } from '../../domain/replay/timeline-points.js';

/** A period, in seconds. */
export type Span = { readonly from: number; readonly to: number };

/** A whole clip, to be drawn. */
export type Timeline = {
  readonly title: string;
  readonly seconds: number;
  readonly points: readonly TimelinePoint[];
  readonly snapshots: readonly number[];
  /** what the looks for people found; undefined where nothing is recognised */
  readonly looks?: readonly LookOutcome[] | undefined;
  /** when the room was occupied according to labels; undefined without labels */
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
const lookColours: Readonly<Record<LookOutcome['found'], string>> = {
  recognised: '#2f855a',
  not_recognised: '#a0aec0',
  furniture: '#805ad5',
  failed: '#c53030',
};

const lookKey = [
  { name: 'look: recognised', colour: lookColours.recognised },
  { name: 'look: nobody recognised', colour: lookColours.not_recognised },
  { name: 'look: furniture', colour: lookColours.furniture },
];

/** Width of the plot in pixels: more points than this across it cannot be told apart. */
export const timelineColumns = width - margin.left - margin.right;

/**
 * Draws why the room's status was what it was: the motion level and its threshold (on a root scale, since small levels
 * matter), the share that moved but was rejected, and below them, as lanes: the labels if there are any, the status, the signs
 * in each frame, suppressed light changes, the looks for people, and the snapshots.
 */
export function drawTimeline(timeline: Timeline): string {
  const { points, seconds } = timeline;
  const x = scaleLinear([0, Math.max(seconds, 1)], [margin.left, width - margin.right]);
  // Not Math.max(...points): too many arguments overflow the stack, from about two hours of frames on.
  const top = points.reduce((most, point) => Math.max(most, point.level, point.rejected, point.threshold), 0.02);
  const y = scaleSqrt([0, top], [margin.top + chartHeight, margin.top]);
  const lanes = lanesOf(timeline);
  const lanesTop = margin.top + chartHeight + 14;
  const axisTop = lanesTop + lanes.length * rowHeight + 4;
  const height = axisTop + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#2d3748">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin.left}" y="20" font-size="14" font-weight="600">${escape(timeline.title)}</text>
${drawLevels(points, x, y)}
${lanes.map((lane, row) => drawLane(lane, lanesTop + row * rowHeight, x)).join('\n')}
${drawTimeAxis(x, axisTop)}${timeline.looks === undefined ? '' : drawKey(lookKey, axisTop + 30)}
</svg>
`;
}

type Scale = { (value: number): number; ticks(count: number): number[] };

function drawLevels(points: readonly TimelinePoint[], x: Scale, y: Scale): string {
  const areaOf = (share: (point: TimelinePoint) => number) =>
    area<TimelinePoint>()
      .x((point) => x(point.at))
      .y0(y(0))
      .y1((point) => y(share(point)))(points) ?? '';
  const threshold = line<TimelinePoint>()
    .x((point) => x(point.at))
    .y((point) => y(point.threshold))
    .curve(curveStepAfter);
  const levels = y
    .ticks(5)
    .map(
      (share) =>
        `<path d="M${margin.left} ${r(y(share))}H${width - margin.right}" stroke="#e2e8f0"/><text x="${margin.left - 8}" y="${r(y(share) + 4)}" text-anchor="end">${+(share * 100).toFixed(2)} %</text>`,
    );
  return `${levels.join('\n')}
<path d="${areaOf((point) => point.rejected)}" fill="${colours.rejected}" fill-opacity="0.6"><title>moved, but was rejected</title></path>
<path d="${areaOf((point) => point.level)}" fill="${colours.level}" fill-opacity="0.35" stroke="${colours.level}" stroke-width="0.7"/>
<path d="${threshold(points) ?? ''}" fill="none" stroke="${colours.threshold}" stroke-dasharray="5 3"/>
<text x="${margin.left - 8}" y="${margin.top - 8}" text-anchor="end">motion level</text>
${drawKey([
  { name: 'motion that counts', colour: colours.level },
  { name: 'moved, but was rejected (the scene itself, light, too small)', colour: colours.rejected },
  { name: 'threshold', colour: colours.threshold },
])}`;
}

function lanesOf({ points, seconds, snapshots, looks, truth }: Timeline): readonly Lane[] {
  const spans = (name: string, colour: string, holds: (point: TimelinePoint) => boolean): Lane => ({
    name,
    colour,
    spans: spansOf(points, seconds, holds),
  });
  return [
    ...(truth === undefined ? [] : [{ name: 'labelled occupied', colour: colours.truth, spans: truth }]),
    spans('occupied', colours.occupied, (point) => point.status === 'occupied'),
    spans('unknown', colours.unknown, (point) => point.status === 'unknown'),
    spans('motion', colours.motion, (point) => point.motion),
    spans('frames moving', colours.level, (point) => point.moving),
    spans('signs of presence', colours.presence, (point) => point.present),
    { name: 'light, suppressed', colour: colours.suppressed, marks: suppressedMarks(points) },
    ...(looks === undefined ? [] : [{ name: 'looks', colour: lookColours.not_recognised, marks: looks.map(lookMark) }]),
    { name: 'snapshots', colour: colours.snapshot, marks: snapshots.map((at) => ({ at, why: 'snapshot' })) },
  ];
}

function drawTimeAxis(x: Scale, top: number): string {
  const ticks = x
    .ticks(14)
    .map(
      (at) =>
        `<path d="M${r(x(at))} ${margin.top}V${top}" stroke="#000" stroke-opacity="0.06"/><text x="${r(x(at))}" y="${top + 16}" text-anchor="middle">${clock(at)}</text>`,
    );
  return ticks.join('\n');
}

/** The names of curves or marks, at the right. */
function drawKey(curves: readonly { readonly name: string; readonly colour: string }[], y = 20): string {
  const words = curves.map(({ name, colour }) => `<tspan fill="${colour}">■</tspan> ${name}`);
  return `<text x="${width - margin.right}" y="${y}" text-anchor="end">${words.join(' &#160; ')}</text>`;
}

type Mark = { readonly at: number; readonly why: string; readonly colour?: string };
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
          ({ at, why, colour = lane.colour }) =>
            `<path d="M${r(x(at))} ${top + 4}v${rowHeight - 8}" stroke="${colour}" stroke-width="2"><title>${escape(why)} at ${at.toFixed(2)} s</title></path>`,
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

function lookMark({ at, found, label, score, people }: LookOutcome): Mark {
  const best = label === undefined ? '' : `: ${label} ${score.toFixed(2)}`;
  const count = people === null ? '' : `, people: ${people}`;
  return { at, why: `${found.replace('_', ' ')}${best}${count}`, colour: lookColours[found] };
}

function suppressedMarks(points: readonly TimelinePoint[]): Mark[] {
  return points.flatMap(({ at, suppressed }) => (suppressed === undefined ? [] : [{ at, why: suppressed }]));
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

const r = (value: number) => Math.round(value * 10) / 10;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
