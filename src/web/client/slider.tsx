import { texts } from './texts.js';

type Props = {
  name: keyof typeof texts.setting;
  value: number;
  /** `root` 2 spreads the small values out */
  scale: { readonly least: number; readonly most: number; readonly root: number };
  change: (value: number) => void;
};

/** One setting, as a slider to drag and a number to type. */
export function Slider({ name, value, scale, change }: Props) {
  const [title, unit, hint] = texts.setting[name];
  const stops = stopsOf(scale);
  const nearest = stops.reduce((best, stop, place) => (distance(stop) < distance(stops[best] ?? 0) ? place : best), 0);
  function distance(stop: number) {
    return Math.abs(stop - value);
  }
  return (
    <div class="slider">
      <label for={name}>{title}</label>
      <span class="typed">
        <input
          id={`${name}-number`}
          type="number"
          aria-label={`${title}, ${unit}`}
          min={scale.least}
          step="any"
          value={value}
          onChange={({ currentTarget }) => {
            const typed = currentTarget.valueAsNumber;
            if (Number.isFinite(typed)) change(typed);
            else currentTarget.value = String(value);
          }}
        />
        {unit}
      </span>
      <input
        id={name}
        type="range"
        min={0}
        max={stops.length - 1}
        value={nearest}
        aria-valuetext={`${value} ${unit}`}
        aria-describedby={`${name}-hint`}
        onInput={({ currentTarget }) => change(stops[currentTarget.valueAsNumber] ?? value)}
      />
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    </div>
  );
}

/** The readable numbers of a scale, in order: one press of an arrow key is always one of them further. */
function stopsOf({ least, most, root }: Props['scale']): readonly number[] {
  const grain = (value: number) => (value < 100 ? 1 : value < 1000 ? 10 : value < 10_000 ? 100 : 1000);
  const places = Array.from({ length: 201 }, (_, place) => least + (place / 200) ** root * (most - least));
  return [...new Set(places.map((value) => Math.round(value / grain(value)) * grain(value)))];
}
