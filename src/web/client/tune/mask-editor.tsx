import { useRef } from 'preact/hooks';
import type { Masks } from '../../../domain/page/payloads.js';
import { draft } from './draft.js';
import { addCorner, drawing, finishDrawing } from './mask-drawing.js';
import { moved, pointAt, type Polygon, withCornerAfter, withoutCorner } from './mask-shape.js';
import { texts } from '../texts.js';

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
const replaced = (masks: Masks, index: number, polygon: Masks[number] | undefined): Masks =>
  polygon === undefined ? masks.toSpliced(index, 1) : masks.with(index, polygon);

/** The masks after a key was pressed on a mask or a corner; undefined if the key does nothing. */
function masksAfterKey(masks: Masks, { mask, corner }: Handle, event: KeyboardEvent): Masks | undefined {
  const polygon = masks[mask];
  if (!polygon) return undefined;
  const arrow = arrows[event.key];
  if (arrow) {
    const distance = event.shiftKey ? largeStep : smallStep;
    return replaced(masks, mask, moved(polygon, corner, arrow[0] * distance, arrow[1] * distance));
  }
  if (event.key === 'Delete' || event.key === 'Backspace')
    return replaced(masks, mask, corner === undefined ? undefined : withoutCorner(polygon, corner));
  if ((event.key === 'Insert' || event.key === '+') && corner !== undefined)
    return replaced(masks, mask, withCornerAfter(polygon, corner));
  return undefined;
}

const editByKey = (handle: Handle) => (event: KeyboardEvent) => {
  const masks = masksAfterKey(draft.masks.value, handle, event);
  if (!masks) return;
  draft.setMasks(masks);
  event.preventDefault();
  event.stopPropagation();
};

/** The masks on top of the picture: click to draw corners, drag or use the arrow keys to move them. */
export function MaskEditor() {
  const svg = useRef<SVGSVGElement>(null);
  const dragged = useRef<Dragged | undefined>(undefined);

  function at(event: MouseEvent) {
    const box = svg.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
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
    const masks = draft.masks.value;
    const polygon = masks[mask];
    if (polygon) draft.setMasks(replaced(masks, mask, moved(polygon, corner, here.x - x, here.y - y)));
    dragged.current = { mask, corner, ...here };
  }

  return (
    <svg
      ref={svg}
      class={drawing.value ? 'masks drawing' : 'masks'}
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      role="group"
      aria-label={texts.editorLabel}
      onPointerDown={(event) => addCorner(pointAt(at(event)))}
      onPointerMove={drag}
      onPointerUp={() => (dragged.current = undefined)}
      onDblClick={finishDrawing}
    >
      {draft.masks.value.map((polygon, mask) => (
        <Mask key={mask} polygon={polygon} mask={mask} startDrag={startDrag} />
      ))}
      {drawing.value && <Drawn points={drawing.value} />}
    </svg>
  );
}

type MaskProps = { polygon: Polygon; mask: number; startDrag: (handle: Handle) => (event: PointerEvent) => void };

function Mask({ polygon, mask, startDrag }: MaskProps) {
  return (
    <g>
      <polygon
        points={polygon.map((point) => point.join()).join(' ')}
        tabindex={0}
        role="button"
        aria-label={texts.maskName(mask + 1, polygon.length)}
        onPointerDown={startDrag({ mask, corner: undefined })}
        onKeyDown={editByKey({ mask, corner: undefined })}
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
          onKeyDown={editByKey({ mask, corner })}
        />
      ))}
    </g>
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
