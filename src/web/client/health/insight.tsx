import { useEffect, useState } from 'preact/hooks';
import type { ConfigurationEntry, LogLevel, LogLine } from '../../../domain/page/insight.js';
import { timeOf } from '../parts/time.js';
import { api } from '../state/api.js';
import { connection } from '../state/room.js';
import { healthTexts as texts } from './health-texts.js';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const refreshMs = 5000;

/** The configuration in force and the newest log lines, each loaded when it is opened. */
export function Insight() {
  return (
    <>
      <Foldable title={texts.configuration}>{() => <Configuration />}</Foldable>
      <Foldable title={texts.log}>{() => <Log />}</Foldable>
    </>
  );
}

function Foldable({ title, children }: { title: string; children: () => preact.JSX.Element }) {
  const [open, setOpen] = useState(false);
  return (
    <section class="wide">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <h2>{title}</h2>
        </summary>
        {open && children()}
      </details>
    </section>
  );
}

/** Calls `load` now, every `everyMs` if that is given, and again when its dependency changes. */
function useLoaded<Loaded>(load: () => Promise<Loaded>, dependency: unknown, everyMs?: number) {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  useEffect(() => {
    let current = true;
    const refresh = () =>
      void load().then(
        (answer) => current && setLoaded(answer),
        () => undefined,
      );
    refresh();
    const timer = everyMs === undefined ? undefined : setInterval(refresh, everyMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [dependency]);
  return loaded;
}

function Configuration() {
  const entries = useLoaded<readonly ConfigurationEntry[]>(api.configuration, connection.value);
  return (
    <>
      <p class="hint">{texts.configurationHint}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={texts.configuration}>
        <table class="texts">
          <thead>
            <tr>
              <th scope="col">{texts.key}</th>
              <th scope="col">{texts.value}</th>
              <th scope="col">{texts.source}</th>
            </tr>
          </thead>
          <tbody>
            {entries?.map(({ key, value, source, name }) => (
              <tr key={key} class={source}>
                <th scope="row">{key}</th>
                <td>{value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value)}</td>
                <td>
                  {texts.sources[source]}
                  {name !== null && <span class="path"> {name}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Log() {
  const [level, setLevel] = useState<LogLevel>('info');
  const lines = useLoaded<readonly LogLine[]>(() => api.log(level), `${level} ${connection.value}`, refreshMs);
  return (
    <>
      <div class="row">
        <p class="hint">{texts.logHint}</p>
        <label>
          {texts.lowestLevel}{' '}
          <select value={level} onChange={({ currentTarget }) => setLevel(currentTarget.value as LogLevel)}>
            {levels.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={texts.log}>
        <ol class="log">
          {lines &&
            [...lines].reverse().map(({ at, level, message, fields }, place) => (
              <li key={place} class={level}>
                <time dateTime={at}>{timeOf(new Date(at))}</time> <strong>{level}</strong> {message}
                {Object.keys(fields).length > 0 && <span class="path"> {JSON.stringify(fields)}</span>}
              </li>
            ))}
        </ol>
        {lines?.length === 0 && <p class="empty">{texts.noLines}</p>}
      </div>
    </>
  );
}
