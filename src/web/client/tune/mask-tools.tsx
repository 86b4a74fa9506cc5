import { useEffect } from 'preact/hooks';
import { draft } from './draft.js';
import { drawing, finishDrawing } from './mask-drawing.js';
import { rectangle } from './mask-shape.js';
import { addShape, changeShape } from './shapes.js';
import { texts } from '../texts.js';

/** The buttons for masks (draw, add a rectangle, remove) and the list of masks. */
export function MaskTools() {
  const masks = draft.masks.value;
  const isDrawing = drawing.value !== undefined;
  const drawsMask = drawing.value?.kind === 'mask';
  useEffect(() => {
    if (!isDrawing) return undefined;
    const byKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' && event.key !== 'Enter') return;
      event.preventDefault();
      if (event.key === 'Enter') finishDrawing();
      else drawing.value = undefined;
    };
    addEventListener('keydown', byKey);
    return () => {
      removeEventListener('keydown', byKey);
      drawing.value = undefined;
    };
  }, [isDrawing]);

  return (
    <div class="mask-tools">
      <div class="actions">
        <button
          type="button"
          aria-pressed={drawsMask}
          onClick={() => (drawing.value = drawsMask ? undefined : { kind: 'mask', points: [] })}
        >
          {texts.drawMask}
        </button>
        <button type="button" onClick={() => addShape('mask', rectangle)}>
          {texts.addMask}
        </button>
      </div>
      <p class="hint" role="status">
        {isDrawing ? texts.drawing : texts.masksHint}
      </p>
      <ul class="mask-list" aria-label={texts.masks}>
        {masks.map((polygon, mask) => (
          <li key={mask}>
            {texts.shapeName(texts.mask(mask + 1), polygon.length)}
            <button
              type="button"
              class="quiet"
              aria-label={texts.removeMask(mask + 1)}
              onClick={() => changeShape({ kind: 'mask', index: mask }, undefined)}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
      <p class="hint">{masks.length === 0 ? texts.noMasks : texts.masksKeys}</p>
    </div>
  );
}
