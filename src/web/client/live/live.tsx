import { signal } from '@preact/signals';
import type { LiveView } from '../../../domain/page/payloads.js';
import { api } from '../state/api.js';
import { LivePicture } from './live-picture.js';
import { attempt } from '../parts/notice.js';
import { moment, recognises, state } from '../state/room.js';
import { texts } from '../texts.js';
import { ViewChoice } from '../parts/view-choice.js';
import { WhyChart } from '../chart/why-chart.js';

const view = signal<LiveView>('picture');

/** The live picture, its motion level, and the chart of the last minutes. */
export function Live() {
  return (
    <div class="live">
      <section aria-labelledby="live-title">
        <h2 id="live-title">{texts.pages.live}</h2>
        <LivePicture view={view.value} />
        <div class="row">
          <ViewChoice view={view.value} choose={(chosen) => (view.value = chosen)} />
        </div>
        <p class="hint">{texts.viewHint[view.value]}</p>
        <Recognised />
        <ZoneStatuses />
      </section>
      <div class="side">
        <section aria-labelledby="now-title">
          <div class="row">
            <h2 id="now-title">{texts.present}</h2>
            <p class="hint">{moment.value !== undefined && texts.fps(state.value?.health.fps ?? 0)}</p>
          </div>
          <LevelMeter />
          <Actions />
        </section>
        <WhyChart />
      </div>
    </div>
  );
}

/** The labels and scores of the boxes in the picture, in words. */
function Recognised() {
  if (!recognises.value) return null;
  if (moment.value === undefined) return <p class="recognised-now">{`${texts.recognisedNow}: ${texts.notKnown}`}</p>;
  const names = moment.value.regions.flatMap(({ label, score = 0 }) =>
    label === undefined ? [] : [texts.labelled(label, score)],
  );
  return (
    <p class="recognised-now">
      {texts.recognisedNow}: <strong>{names.length > 0 ? names.join(', ') : texts.nothingRecognised}</strong>
    </p>
  );
}

/** How each zone is, in words. */
function ZoneStatuses() {
  const zones = state.value?.zone_statuses ?? [];
  return (
    <ul class="mask-list" aria-label={texts.zones}>
      {zones.map(({ zone, status }) => (
        <li key={zone} class="zone-status">
          {zone}: <strong>{texts.status[status]}</strong>
        </li>
      ))}
    </ul>
  );
}

function Actions() {
  const armed = state.value?.settings.armed ?? true;
  return (
    <div class="actions">
      <button type="button" onClick={() => void attempt(api.takeSnapshot, texts.snapshotRequested)}>
        {texts.takeSnapshot}
      </button>
      <button
        type="button"
        class={armed ? '' : 'primary'}
        onClick={() => void attempt(() => api.change({ armed: !armed }), armed ? texts.disarmed : texts.armed)}
      >
        {armed ? texts.disarm : texts.arm}
      </button>
    </div>
  );
}

/** The motion level and its threshold, on a square-root scale, because the threshold lies near zero. */
function LevelMeter() {
  const { level = 0, threshold = 0 } = moment.value ?? {};
  const position = (share: number) => `${Math.sqrt(Math.min(1, share)) * 100}%`;
  return (
    <div class="level-meter">
      <span id="level-name">{texts.level}</span>
      <div
        class={`meter ${moment.value?.moving === true ? 'moving' : ''}`}
        role="meter"
        aria-labelledby="level-name"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(level * 10_000) / 100}
        aria-valuetext={
          moment.value === undefined
            ? texts.notKnown
            : `${texts.percent(level)}, ${texts.threshold} ${texts.percent(threshold)}`
        }
      >
        <div class="fill" style={{ width: position(level) }} />
        <div class="limit" style={{ left: position(threshold) }} />
      </div>
      <output>{moment.value === undefined ? '–' : `${texts.percent(level)} / ${texts.percent(threshold)}`}</output>
    </div>
  );
}
