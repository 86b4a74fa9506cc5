import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RehearsalRun, Rehearsal } from '../../domain/page/payloads.js';
import { api } from './api.js';
import { draft } from './draft.js';
import { createLevelChart, type LevelChart } from './level-chart.js';
import { attempt } from './notice.js';
import { texts } from './texts.js';
import { lengthOf } from './time.js';

const outcome = signal<Rehearsal | undefined>(undefined);
const busy = signal(false);
/** A slider that moves is heard out before anything is judged. */
const patienceMs = 350;
const leastSeconds = 5;

async function rehearse() {
  if (busy.value) return;
  busy.value = true;
  // What changed while one rehearsal ran is asked for by the next.
  const asked = draft.request.value;
  await attempt(async () => (outcome.value = await api.rehearse(asked)));
  busy.value = false;
  if (draft.request.value !== asked) await rehearse();
}

/** What the last minutes would have been with the draft, beside what they are without it. */
export function RehearsalPanel() {
  const request = draft.request.value;
  useEffect(() => {
    const timer = setTimeout(() => void rehearse(), patienceMs);
    return () => clearTimeout(timer);
  }, [request]);

  return (
    <section aria-labelledby="rehearsal-title" class="rehearsal">
      <div class="row">
        <h2 id="rehearsal-title">{texts.rehearsal}</h2>
        <button type="button" disabled={busy.value} onClick={() => void rehearse()}>
          {busy.value ? texts.rehearsing : texts.rehearse}
        </button>
      </div>
      <p class="hint">{texts.rehearsalHint}</p>
      <Outcome />
    </section>
  );
}

function Outcome() {
  if (outcome.value === undefined) return null;
  const { from, to, before, after } = outcome.value;
  if (from === null || to === null || to - from < leastSeconds) return <p role="status">{texts.nothingTaped}</p>;
  const rows: readonly (readonly [string, (part: RehearsalRun) => string])[] = [
    [texts.visitsSeen, (part) => String(part.visits.length)],
    [texts.occupiedFor, (part) => lengthOf(occupiedSeconds(part, to))],
    [texts.snapshotsTaken, (part) => String(part.snapshots.length)],
    [texts.peakLevel, (part) => texts.percent(Math.max(0, ...part.timeline.level))],
  ];
  return (
    <>
      <p role="status">{texts.taped(lengthOf(to - from))}</p>
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

function occupiedSeconds({ visits }: RehearsalRun, to: number): number {
  return visits.reduce((sum, { began_at, ended_at }) => sum + (ended_at ?? to) - began_at, 0);
}

/** The draft's level, threshold and states; the level without the draft as a plain line. */
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
        <li class="snapshot">{texts.marks.snapshot}</li>
      </ul>
    </div>
  );
}
