import { useEffect, useRef } from 'preact/hooks';
import { draft } from './draft.js';
import { addCorner, drawing, finishDrawing } from './mask-drawing.js';
import { moved, pointAt, type Polygon, withCornerAfter, withoutCorner } from './mask-shape.js';
import { added, changeShape, polygonsOf, type Shape } from './shapes.js';
import { texts } from '../texts.js';

type Handle = Shape & { readonly corner: number | undefined };
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
const polygonOf = ({ kind, index }: Shape) => polygonsOf(kind)[index];

/** What a key that was pressed on a shape or a corner makes of the polygon, if anything; `removed` for no polygon. */
function afterKey(polygon: Polygon, corner: number | undefined, event: KeyboardEvent): Polygon | 'removed' | undefined {
  const arrow = arrows[event.key];
  if (arrow) {
    const distance = event.shiftKey ? largeStep : smallStep;
    return moved(polygon, corner, arrow[0] * distance, arrow[1] * distance);
  }
  if (event.key === 'Delete' || event.key === 'Backspace')
    return (corner === undefined ? undefined : withoutCorner(polygon, corner)) ?? 'removed';
  if ((event.key === 'Insert' || event.key === '+') && corner !== undefined) return withCornerAfter(polygon, corner);
  return undefined;
}

const editByKey = (handle: Handle) => (event: KeyboardEvent) => {
  const polygon = polygonOf(handle);
  const changed = polygon && afterKey(polygon, handle.corner, event);
  if (!changed) return;
  changeShape(handle, changed === 'removed' ? undefined : changed);
  event.preventDefault();
  event.stopPropagation();
};

/** The masks and zones on top of the picture: click to draw corners, drag or use the arrow keys to move them. */
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
    const { kind, index, corner, x, y } = dragged.current;
    const here = at(event);
    const polygon = polygonOf({ kind, index });
    if (polygon) changeShape({ kind, index }, moved(polygon, corner, here.x - x, here.y - y));
    dragged.current = { kind, index, corner, ...here };
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
      {draft.zones.value.map(({ name, polygon }, index) => (
        <Drawing key={`zone ${index}`} {...{ kind: 'zone', index, polygon, startDrag }} name={texts.zoneName(name)} />
      ))}
      {draft.masks.value.map((polygon, index) => (
        <Drawing key={`mask ${index}`} {...{ kind: 'mask', index, polygon, startDrag }} name={texts.mask(index + 1)} />
      ))}
      {drawing.value && <Drawn points={drawing.value.points} />}
    </svg>
  );
}

type DrawingProps = Shape & {
  readonly polygon: Polygon;
  readonly name: string;
  readonly startDrag: (handle: Handle) => (event: PointerEvent) => void;
};

function Drawing({ kind, index, polygon, name, startDrag }: DrawingProps) {
  const whole: Handle = { kind, index, corner: undefined };
  const shape = useRef<SVGPolygonElement>(null);
  useEffect(() => {
    if (added.value?.kind !== kind || added.value.index !== index) return;
    added.value = undefined;
    shape.current?.focus({ preventScroll: true });
  }, [kind, index]);
  return (
    <g class={kind}>
      <polygon
        ref={shape}
        points={polygon.map((point) => point.join()).join(' ')}
        tabindex={0}
        role="button"
        aria-label={texts.shapeName(name, polygon.length)}
        onPointerDown={startDrag(whole)}
        onKeyDown={editByKey(whole)}
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
          aria-label={texts.cornerName(name, corner + 1, x, y)}
          onPointerDown={startDrag({ ...whole, corner })}
          onKeyDown={editByKey({ ...whole, corner })}
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
