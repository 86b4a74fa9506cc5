import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RehearsalRun, Rehearsal } from '../../../domain/page/payloads.js';
import { api } from '../state/api.js';
import { draft } from './draft.js';
import { createLevelChart, type LevelChart } from '../chart/level-chart.js';
import { attempt } from '../parts/notice.js';
import { connection, recognises, state } from '../state/room.js';
import { texts } from '../texts.js';
import { lengthOf, timeOf } from '../parts/time.js';

const outcome = signal<Rehearsal | undefined>(undefined);
const busy = signal(false);
/** A rehearsal starts this long after the last change, so that a moving slider starts only one. */
const settleMs = 350;
const minSeconds = 5;

async function rehearse() {
  if (busy.value || !draft.valid.value) return;
  busy.value = true;
  // Changes made while one rehearsal is running are in the next.
  const request = draft.request.value;
  await attempt(async () => (outcome.value = await api.rehearse(request)));
  busy.value = false;
  if (draft.request.value !== request) await rehearse();
}

/** The result of the last minutes with the changes, beside the result with the current settings. */
export function RehearsalPanel() {
  const request = draft.request.value;
  useEffect(() => {
    if (!draft.valid.value) return undefined;
    const timer = setTimeout(() => void rehearse(), settleMs);
    return () => clearTimeout(timer);
  }, [request]);

  const recording = connection.value === 'live' && state.value?.status.reason !== 'camera_lost';
  const tooShort = outcome.value !== undefined && spanOf(outcome.value) === undefined;
  useEffect(() => {
    if (!tooShort || !recording) return undefined;
    const judgeAgain = () => void (document.visibilityState === 'visible' && rehearse());
    const timer = setInterval(judgeAgain, minSeconds * 1000);
    return () => clearInterval(timer);
  }, [tooShort, recording]);

  return (
    <section aria-labelledby="rehearsal-title" class="rehearsal">
      <div class="row">
        <h2 id="rehearsal-title">{texts.rehearsal}</h2>
        <button type="button" disabled={busy.value || !draft.valid.value} onClick={() => void rehearse()}>
          {busy.value ? texts.rehearsing : texts.rehearse}
        </button>
      </div>
      <p class="hint">{texts.rehearsalHint}</p>
      <Outcome />
    </section>
  );
}

/** The time that was judged; undefined if that is too little, as just after the detector's start. */
function spanOf({ from, to }: Rehearsal): { from: number; to: number } | undefined {
  return from === null || to === null || to - from < minSeconds ? undefined : { from, to };
}

type Row = readonly [string, (part: RehearsalRun) => string];

function Outcome() {
  if (outcome.value === undefined) return null;
  const { gaps, before, after } = outcome.value;
  const span = spanOf(outcome.value);
  if (span === undefined) return <p role="status">{texts.recordingTooShort}</p>;
  const { from, to } = span;
  const rows: readonly Row[] = [
    [texts.visitsSeen, (part) => String(part.visits.length)],
    ...(!recognises.value
      ? []
      : ([
          [texts.visitsConfirmed, (part) => String(part.visits.filter(({ confirmed }) => confirmed).length)],
          [texts.ignoredMotions, (part) => String(part.ignored_motions)],
        ] satisfies Row[])),
    [texts.occupiedFor, (part) => lengthOf(occupiedSeconds(part.visits, to))],
    ...zoneNames(before, after).map((zone): Row => [texts.zoneOccupied(zone), (part) => zoneInWords(part, zone, to)]),
    [texts.snapshotsTaken, (part) => String(part.snapshots.length)],
    [texts.peakLevel, (part) => texts.percent(Math.max(0, ...part.timeline.level))],
  ];
  return (
    <>
      <p role="status">
        {texts.judgedAgain(lengthOf(to - from))} {gaps.map(inWords).join(' ')}
      </p>
      <div class="outcome">
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{texts.before}</th>
              <th scope="col">{texts.after}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value(before)}</td>
                <td class={value(before) === value(after) ? '' : 'different'}>{value(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Comparison before={before} after={after} seconds={to - from} />
      </div>
    </>
  );
}

function inWords(gap: Rehearsal['gaps'][number]): string {
  return texts.gap(timeOf(new Date(gap.from * 1000)), timeOf(new Date(gap.to * 1000)));
}

function occupiedSeconds(stays: RehearsalRun['zones'][number]['stays'], to: number): number {
  return stays.reduce((sum, { began_at, ended_at }) => sum + (ended_at ?? to) - began_at, 0);
}

function zoneNames(...runs: readonly RehearsalRun[]): readonly string[] {
  return [...new Set(runs.flatMap(({ zones }) => zones.map(({ zone }) => zone)))];
}

/** How long a zone was occupied, and in a line for each stay when it began and how long it was; a dash if there is no such zone. */
function zoneInWords({ zones }: RehearsalRun, zone: string, to: number): string {
  const stays = zones.find((one) => one.zone === zone)?.stays;
  if (stays === undefined) return '–';
  const each = stays.map((stay) =>
    texts.stay(timeOf(new Date(stay.began_at * 1000)), lengthOf(occupiedSeconds([stay], to))),
  );
  return [lengthOf(occupiedSeconds(stays, to)), ...each].join('\n');
}

/** The level, threshold and states with the changes, and the current level as a plain line. */
function Comparison({ before, after, seconds }: { before: RehearsalRun; after: RehearsalRun; seconds: number }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<LevelChart>(undefined);
  useEffect(() => {
    if (!box.current) return undefined;
    chart.current = createLevelChart(box.current);
    return () => chart.current?.close();
  }, []);
  useEffect(() => {
    const marks = after.snapshots.map((at) => ({ at, kind: 'snapshot' }));
    chart.current?.draw(after.timeline, marks, Math.max(10, seconds), before.timeline);
  }, [before, after, seconds]);
  return (
    <div aria-hidden="true">
      <div ref={box} class="chart" />
      <ul class="legend">
        <li class="level">{texts.after}</li>
        <li class="other">{texts.before}</li>
        <li class="threshold">{texts.threshold}</li>
        <li class="snapshot">{texts.marks['snapshot']}</li>
      </ul>
    </div>
  );
}
