import { useEffect } from 'preact/hooks';
import { draft } from './draft.js';
import { drawing, finishDrawing } from './mask-drawing.js';
import { rectangle } from './mask-shape.js';
import { texts } from '../texts.js';

/** The buttons for masks (draw, add a rectangle, remove) and the list of masks. */
export function MaskTools() {
  const masks = draft.masks.value;
  const isDrawing = drawing.value !== undefined;
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
        <button type="button" aria-pressed={isDrawing} onClick={() => (drawing.value = isDrawing ? undefined : [])}>
          {texts.drawMask}
        </button>
        <button type="button" onClick={() => draft.setMasks([...masks, rectangle])}>
          {texts.addMask}
        </button>
      </div>
      <p class="hint" role="status">
        {isDrawing ? texts.drawing : texts.masksHint}
      </p>
      <ul class="mask-list" aria-label={texts.masks}>
        {masks.map((polygon, mask) => (
          <li key={mask}>
            {texts.maskName(mask + 1, polygon.length)}
            <button
              type="button"
              class="quiet"
              aria-label={texts.removeMask(mask + 1)}
              onClick={() => draft.setMasks(masks.toSpliced(mask, 1))}
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
