import { signal } from '@preact/signals';
import type { LiveView } from '../../../domain/page/payloads.js';
import { AreaGuide, AreaLegend } from './area-guide.js';
import { draft } from './draft.js';
import { LivePicture } from '../live/live-picture.js';
import { MaskEditor } from './mask-editor.js';
import { MaskTools } from './mask-tools.js';
import { OccupantsChoice } from './occupants-choice.js';
import { RehearsalPanel } from './rehearsal-panel.js';
import { Slider } from './slider.js';
import { texts } from '../texts.js';
import { ZoneTools } from './zone-tools.js';
import { ViewChoice } from '../parts/view-choice.js';

const view = signal<LiveView>('picture');

/** The range of each slider: narrower than what the detector accepts, with more space for the usual values. */
const scales = {
  delta_thresh: { min: 1, max: 60, root: 1 },
  min_area: { min: 100, max: 60_000, root: 2 },
  min_motion_frames: { min: 1, max: 60, root: 1 },
  vacancy_seconds: { min: 1, max: 900, root: 2 },
  min_upload_seconds: { min: 0, max: 120, root: 2 },
} as const;
const names = Object.keys(scales) as (keyof typeof scales)[];

/** Settings, masks and occupants; changes are tried on the last minutes before they are applied. */
export function Tune() {
  const values = draft.settings.value;
  return (
    <div class="tune">
      <section aria-labelledby="masks-title">
        <h2 id="masks-title">{texts.masks}</h2>
        <LivePicture view={view.value}>
          <AreaGuide />
          <MaskEditor />
        </LivePicture>
        <div class="row">
          <ViewChoice view={view.value} choose={(chosen) => (view.value = chosen)} />
          <AreaLegend />
        </div>
        <MaskTools />
        <ZoneTools />
      </section>
      <section aria-labelledby="settings-title">
        <h2 id="settings-title">{texts.settings}</h2>
        <OccupantsChoice />
        {names.map((name) => (
          <Slider
            key={name}
            name={name}
            value={values[name] ?? 0}
            scale={scales[name]}
            change={(value) => draft.set(name, value)}
          />
        ))}
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={!draft.changed.value || !draft.valid.value}
            onClick={() => void draft.apply()}
          >
            {texts.apply}
          </button>
          <button type="button" disabled={!draft.changed.value} onClick={() => draft.revert()}>
            {texts.revert}
          </button>
          <span class="hint" role="status">
            {!draft.valid.value ? texts.invalid : draft.changed.value ? texts.unsaved : ''}
          </span>
        </div>
      </section>
      <RehearsalPanel />
    </div>
  );
}
