import { state } from '../state/room.js';
import { texts } from '../texts.js';
import { lengthOf } from '../parts/time.js';

type Part = { readonly name: string; readonly ok: boolean; readonly text: string };

/** The health of each part, and what to do if it has a problem. */
export function Health() {
  const current = state.value;
  if (current === undefined) return null;
  const { health, versions } = current;
  const numbers: readonly (readonly [string, string])[] = [
    [texts.number.fps, health.fps.toFixed(1)],
    [texts.number.frames, String(health.frames)],
    [texts.number.dropped_frames, String(health.dropped_frames)],
    [texts.number.frame_age_ms, health.frame_age_ms === null ? '–' : `${health.frame_age_ms} ms`],
    ...Object.entries(health.suppressed).map(
      ([kind, count]) => [texts.suppressed(texts.marks[kind] ?? kind), String(count)] as const,
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
          {partsOf(current).map((part) => (
            <li key={part.name} class={part.ok ? 'ok' : 'bad'}>
              <h3>{part.name}</h3>
              <p class="verdict">{part.ok ? texts.ok : texts.problem}</p>
              <p>{part.text}</p>
            </li>
          ))}
        </ul>
      </section>
      <Table title={texts.numbers} rows={numbers} />
      <Table title={texts.versions} rows={Object.entries(versions)} />
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

function partsOf({ parts, health, uploaders, picture }: NonNullable<typeof state.value>): readonly Part[] {
  const okTexts = {
    camera: picture ? texts.cameraOk(picture.width, picture.height) : '',
    broker: texts.brokerOk,
    disk: texts.diskOk(health.snapshots_kept),
  };
  const own = (['camera', 'broker', 'disk'] as const).map((name) => {
    const { ok, why = '' } = parts[name];
    const problem = why === '' ? texts.partAdvice[name] : `${sentence(why)} ${texts.partAdvice[name]}`;
    return { name: texts.parts[name], ok, text: ok ? okTexts[name] : problem };
  });
  const outbox = {
    name: texts.parts.outbox,
    ok: health.outbox === 0 || parts.broker.ok,
    text: health.outbox === 0 ? texts.outboxEmpty : texts.outboxWaiting(health.outbox),
  };
  const archives = uploaders.map(({ name, online, status }): Part => {
    const part = uploaders.length > 1 ? `${texts.parts.archive}: ${name}` : texts.parts.archive;
    if (!online) return { name: part, ok: false, text: texts.uploaderOffline(name) };
    if (status === null) return { name: part, ok: true, text: '' };
    const ok = status.state === 'idle' || status.state === 'uploading' || status.state === 'disabled';
    const error = status.last_error === null || ok ? '' : ` ${sentence(status.last_error.message)}`;
    const numbers = texts.uploaderNumbers(status.queued, status.uploaded);
    return { name: part, ok, text: `${texts.uploader[status.state]} ${numbers}${error}` };
  });
  const none: Part = { name: texts.parts.archive, ok: false, text: texts.noUploader };
  return [...own, outbox, ...(archives.length > 0 ? archives : [none])];
}

function Table({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h2>{title}</h2>
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

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`;
}
