import { useRef } from 'preact/hooks';
import type { Masks } from '../../domain/page/payloads.js';
import { draft } from './draft.js';
import { drawing } from './mask-drawing.js';
import { moved, pointAt, withCornerAfter, withoutCorner } from './mask-shape.js';
import { texts } from './texts.js';

type Handle = { readonly mask: number; readonly corner: number | undefined };
type Dragged = Handle & { readonly x: number; readonly y: number };

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** An arrow key moves by this share of the picture, with Shift by the larger one. */
const smallStep = 0.01;
const largeStep = 0.05;
/** A click this close to the first corner (as a share of the picture) closes the mask. */
const closeDistance = 0.03;

const replaced = (masks: Masks, index: number, polygon: Masks[number] | undefined): Masks =>
  polygon === undefined ? masks.toSpliced(index, 1) : masks.with(index, polygon);

/** The masks on top of the picture: click to draw corners, drag or use the arrow keys to move them. */
export function MaskEditor() {
  const svg = useRef<SVGSVGElement>(null);
  const dragged = useRef<Dragged | undefined>(undefined);
  const masks = draft.masks.value;

  function at(event: MouseEvent) {
    const box = svg.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  function finish() {
    const points = drawing.value ?? [];
    drawing.value = undefined;
    if (points.length >= 3) draft.setMasks([...masks, [...points]]);
  }

  function press(event: PointerEvent) {
    if (drawing.value === undefined) return;
    const point = pointAt(at(event));
    const [first] = drawing.value;
    const closes = first && Math.hypot(first[0] - point[0], first[1] - point[1]) < closeDistance;
    if (closes && drawing.value.length >= 3) finish();
    else if (!closes) drawing.value = [...drawing.value, point];
  }

  const startDrag = (handle: Handle) => (event: PointerEvent) => {
    if (drawing.value !== undefined) return;
    event.stopPropagation();
    svg.current?.setPointerCapture(event.pointerId);
    dragged.current = { ...handle, ...at(event) };
  };

  function drag(event: PointerEvent) {
    if (!dragged.current) return;
    const { mask, corner, x, y } = dragged.current;
    const here = at(event);
    const polygon = masks[mask];
    if (polygon) draft.setMasks(replaced(masks, mask, moved(polygon, corner, here.x - x, here.y - y)));
    dragged.current = { mask, corner, ...here };
  }

  const byKey =
    ({ mask, corner }: Handle) =>
    (event: KeyboardEvent) => {
      const polygon = masks[mask];
      const arrow = arrows[event.key];
      if (!polygon) return;
      if (arrow) {
        const distance = event.shiftKey ? largeStep : smallStep;
        draft.setMasks(replaced(masks, mask, moved(polygon, corner, arrow[0] * distance, arrow[1] * distance)));
      } else if (event.key === 'Delete' || event.key === 'Backspace') {
        draft.setMasks(replaced(masks, mask, corner === undefined ? undefined : withoutCorner(polygon, corner)));
      } else if ((event.key === 'Insert' || event.key === '+') && corner !== undefined) {
        draft.setMasks(replaced(masks, mask, withCornerAfter(polygon, corner)));
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };

  return (
    <svg
      ref={svg}
      class={drawing.value ? 'masks drawing' : 'masks'}
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      role="group"
      aria-label={texts.editorLabel}
      onPointerDown={press}
      onPointerMove={drag}
      onPointerUp={() => (dragged.current = undefined)}
      onDblClick={finish}
    >
      {masks.map((polygon, mask) => (
        <g key={mask}>
          <polygon
            points={polygon.map((point) => point.join()).join(' ')}
            tabindex={0}
            role="button"
            aria-label={texts.maskName(mask + 1, polygon.length)}
            onPointerDown={startDrag({ mask, corner: undefined })}
            onKeyDown={byKey({ mask, corner: undefined })}
          />
          {polygon.map(([x, y], corner) => (
            // A line of length zero with round ends is a dot that stays round when the picture is stretched.
            <line
              key={corner}
              class="corner"
              x1={x}
              x2={x}
              y1={y}
              y2={y}
              tabindex={0}
              role="button"
              aria-label={texts.cornerName(mask + 1, corner + 1, x, y)}
              onPointerDown={startDrag({ mask, corner })}
              onKeyDown={byKey({ mask, corner })}
            />
          ))}
        </g>
      ))}
      {drawing.value && <Drawn points={drawing.value} />}
    </svg>
  );
}

function Drawn({ points }: { points: readonly (readonly [number, number])[] }) {
  return (
    <g>
      <polyline points={points.map((point) => point.join()).join(' ')} />
      {points.map(([x, y], corner) => (
        <line key={corner} class="corner" x1={x} x2={x} y1={y} y2={y} />
      ))}
    </g>
  );
}
