import { isInRange } from '../../../domain/contract/setting-ranges.js';
import { state } from '../state/room.js';
import { texts } from '../texts.js';
import { draft } from './draft.js';

/** The share of the picture that `min_area` is: it counts square pixels of a frame scaled to a width of 500 pixels. */
function shareOf(area: number): number {
  const { width, height } = state.value?.picture ?? { width: 4, height: 3 };
  return Math.min(1, (area * width) / (500 * 500 * height));
}

/** The smallest area that counts, as a rectangle of the picture's shape in its corner. */
export function AreaGuide() {
  const { min_area: area } = draft.settings.value;
  if (area === undefined || !isInRange('min_area', area)) return null;
  const side = `${Math.sqrt(shareOf(area)) * 100}%`;
  return <div class="area-guide" aria-hidden="true" style={{ width: side, height: side }} />;
}

/** What the rectangle is; below the picture, where it hides no mask and no zone. */
export function AreaLegend() {
  return <p class="hint area-legend">{texts.smallestArea}</p>;
}

/** The area as a share of the picture. */
export function AreaInWords({ area }: { area: number }) {
  return <strong>{texts.areaShare(texts.percent(shareOf(area)))}</strong>;
}
