import { isInRange, settingRanges } from '../../../domain/contract/setting-ranges.js';
import { AreaInWords } from './area-guide.js';
import { texts } from '../texts.js';

type Props = {
  name: keyof typeof texts.setting;
  value: number;
  /** a `root` of 2 gives small values more space */
  scale: { readonly min: number; readonly max: number; readonly root: number };
  change: (value: number) => void;
};

/** One setting, with a slider and a number field. */
export function Slider({ name, value, scale, change }: Props) {
  const [title, unit, hint] = texts.setting[name];
  const valid = isInRange(name, value);
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
          min={settingRanges[name].min}
          max={settingRanges[name].max}
          step="any"
          value={value}
          aria-invalid={!valid}
          aria-describedby={`${name}-hint`}
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
        {hint} {name === 'min_area' && valid && <AreaInWords area={value} />}
        {!valid && <strong class="wrong">{texts.range(settingRanges[name])}</strong>}
      </p>
    </div>
  );
}

/** The round numbers of a scale in ascending order; an arrow key moves the slider to the next of them. */
function stopsOf({ min, max, root }: Props['scale']): readonly number[] {
  const roundTo = (value: number) => (value < 100 ? 1 : value < 1000 ? 10 : value < 10_000 ? 100 : 1000);
  const places = Array.from({ length: 201 }, (_, index) => min + (index / 200) ** root * (max - min));
  return [...new Set(places.map((value) => Math.round(value / roundTo(value)) * roundTo(value)))];
}
