import { signal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { withGaps } from '../../../domain/page/gaps.js';
import type { History, Mark } from '../../../domain/page/payloads.js';
import { createLevelChart } from './level-chart.js';
import { Choice } from '../parts/choice.js';
import { detectorSeconds, recognises } from '../state/room.js';
import { texts } from '../texts.js';
import { timelines } from '../state/timelines.js';

const range = signal<'fine' | 'coarse'>('fine');
const shownSeconds = { fine: 300, coarse: 7200 } as const;
/** the index of the step under the cursor */
const pointed = signal<number | undefined>(undefined);

/** What the chart shows now: its timeline ends now, even if no frame has come for a while. */
function shownTimeline() {
  const until = detectorSeconds.value;
  return withGaps(timelines.read()[range.value], until - shownSeconds[range.value], until);
}

function describe({ marks }: History, place: number): string {
  const { at, level, threshold, state, step_seconds } = shownTimeline();
  const time = at[place];
  if (time === undefined) return '';
  if (level[place] === null) return texts.noFrames(new Date(time * 1000).toLocaleTimeString('en-GB'));
  const near = marks.filter((mark) => mark.at >= time && mark.at < time + Math.max(1, step_seconds));
  return texts.moment(
    new Date(time * 1000).toLocaleTimeString('en-GB'),
    texts.percent(level[place] ?? 0),
    texts.percent(threshold[place] ?? 0),
    texts.state[state[place] ?? 0] ?? '',
    [...new Set(near.map(describeMark))].join(', '),
  );
}

function describeMark({ kind, label, score = 0 }: Mark): string {
  const name = texts.marks[kind] ?? kind;
  return label === undefined ? name : `${name} (${texts.labelled(label, score)})`;
}

/** A rolling chart of the motion level, its threshold, the room's status, and events. */
export function WhyChart() {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof createLevelChart>>(undefined);

  useEffect(() => {
    if (!box.current) return undefined;
    const made = createLevelChart(box.current, (place) => (pointed.value = place));
    chart.current = made;
    draw();
    return () => made.close();
  }, []);
  useSignalEffect(draw);

  function draw() {
    void timelines.version.value;
    const history = timelines.read();
    const seconds = shownSeconds[range.value];
    chart.current?.draw(shownTimeline(), history.marks, seconds, undefined, detectorSeconds.value);
  }

  function byKey(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };
    const { at } = shownTimeline();
    const place =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? at.length - 1
          : (pointed.value ?? at.length - 1) + (steps[event.key] ?? NaN);
    if (Number.isNaN(place)) return;
    event.preventDefault();
    chart.current?.point(Math.min(at.length - 1, Math.max(0, place)));
  }

  const history = timelines.read();
  void timelines.version.value;
  return (
    <section aria-labelledby="why-title" class="why">
      <div class="row">
        <h2 id="why-title">{texts.why}</h2>
        <Choice
          label={texts.rangeLabel}
          options={['fine', 'coarse']}
          names={texts.ranges}
          chosen={range.value}
          choose={(chosen) => (range.value = chosen)}
        />
      </div>
      <div ref={box} class="chart" role="application" tabIndex={0} aria-label={texts.chartLabel} onKeyDown={byKey} />
      <Legend looks={recognises.value} />
      <p class="reading" role="status">
        {pointed.value === undefined ? texts.chartHint : describe(history, pointed.value)}
      </p>
    </section>
  );
}

function Legend({ looks }: { looks: boolean }) {
  return (
    <ul class="legend">
      <li class="level">{texts.level}</li>
      <li class="threshold">{texts.threshold}</li>
      {texts.state.map((name, code) => (
        <li key={name} class={`state-${code}`}>
          {name}
        </li>
      ))}
      <li class="snapshot">{texts.marks['snapshot']}</li>
      <li class="light">{texts.marks['light_change']}</li>
      {looks &&
        ['recognised', 'not_recognised', 'furniture'].map((kind) => (
          <li key={kind} class={`look ${kind}`}>
            {texts.marks[kind]}
          </li>
        ))}
    </ul>
  );
}
