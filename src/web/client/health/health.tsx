import { lengthOf, timeOf } from '../parts/time.js';
import { connection, state } from '../state/room.js';
import { healthTexts as texts } from './health-texts.js';
import { Insight } from './insight.js';
import { partsOf } from './parts-of.js';

/** The health of each part, and what to do if it has a problem. */
export function Health() {
  const current = state.value;
  if (current === undefined) return null;
  const { health, versions } = current;
  const answering = connection.value === 'live';
  const numbers: readonly (readonly [string, string])[] = [
    [texts.number.fps, health.fps.toFixed(1)],
    [texts.number.frames, String(health.frames)],
    [texts.number.dropped_frames, String(health.dropped_frames)],
    [texts.number.frame_age_ms, health.frame_age_ms === null ? '–' : `${health.frame_age_ms} ms`],
    ...Object.entries(health.suppressed).map(
      ([kind, count]) => [texts.suppressed[kind] ?? kind, String(count)] as const,
    ),
    ...recognitionRows(health.recognition),
    [texts.number.snapshots_kept, String(health.snapshots_kept)],
    [texts.number.outbox, String(health.outbox)],
    [texts.number.mqtt_reconnects, String(health.mqtt_reconnects)],
    [texts.number.uptime_seconds, lengthOf(health.uptime_seconds)],
    [texts.number.rss_bytes, `${Math.round(health.rss_bytes / 1e6)} MB`],
    [texts.detector, current.detector],
  ];
  return (
    <div class="health">
      <section aria-labelledby="health-title">
        <h2 id="health-title">{texts.health}</h2>
        <ul class="parts">
          {partsOf(current, answering).map(({ name, verdict, text, since }) => (
            <li key={name} class={verdict}>
              <h3>{name}</h3>
              <p class="verdict">
                {texts.verdict[verdict]}
                {since !== undefined && `, since ${timeOf(new Date(since))}`}
              </p>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </section>
      <Table
        title={texts.numbers}
        hint={answering ? undefined : texts.asOf(timeOf(new Date(current.at)))}
        rows={numbers}
      />
      <Table title={texts.versions} rows={Object.entries(versions)} />
      <Insight />
    </div>
  );
}

function recognitionRows(recognition: NonNullable<typeof state.value>['health']['recognition']) {
  if (recognition === null) return [[texts.looks, texts.recognitionOff]] as const;
  const { looks, milliseconds, people } = recognition;
  return [
    [texts.looks, texts.looksTaken(looks, milliseconds)],
    [texts.peopleSeen, people === null ? '–' : String(people)],
  ] as const;
}

type TableProps = { title: string; hint?: string | undefined; rows: readonly (readonly [string, string])[] };

function Table({ title, hint, rows }: TableProps) {
  return (
    <section>
      <h2>{title}</h2>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <dl class="numbers">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
