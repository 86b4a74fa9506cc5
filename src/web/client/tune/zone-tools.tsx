import { zoneNamePattern } from '../../../domain/zones/zone-name.js';
import { draft } from './draft.js';
import { drawing } from './mask-drawing.js';
import { rectangle } from './mask-shape.js';
import { addShape, changeShape } from './shapes.js';
import { texts } from '../texts.js';

/** The buttons for zones (draw, add a rectangle, remove) and the list of zones with their names. */
export function ZoneTools() {
  const zones = draft.zones.value;
  const isDrawing = drawing.value?.kind === 'zone';
  return (
    <div class="mask-tools">
      <h3>{texts.zones}</h3>
      <div class="actions">
        <button
          type="button"
          aria-pressed={isDrawing}
          onClick={() => (drawing.value = isDrawing ? undefined : { kind: 'zone', points: [] })}
        >
          {texts.drawZone}
        </button>
        <button type="button" onClick={() => addShape('zone', rectangle)}>
          {texts.addZone}
        </button>
      </div>
      <p class="hint">{texts.zonesHint}</p>
      <ul class="mask-list" aria-label={texts.zones}>
        {zones.map(({ name }, index) => (
          <li key={index}>
            <input
              type="text"
              class="zone-name"
              value={name}
              maxLength={32}
              aria-label={texts.zoneNameLabel(index + 1)}
              aria-invalid={!zoneNamePattern.test(name)}
              onInput={({ currentTarget }) =>
                draft.setZones(zones.with(index, { ...zones[index]!, name: currentTarget.value }))
              }
            />
            <button
              type="button"
              class="quiet"
              aria-label={texts.removeZone(name)}
              onClick={() => changeShape({ kind: 'zone', index }, undefined)}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
      <p class="hint" role="status">
        {draft.zoneProblem.value ?? (zones.length === 0 ? texts.noZones : '')}
      </p>
    </div>
  );
}
