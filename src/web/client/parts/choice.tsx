import { useId } from 'preact/hooks';

type Props<Option extends string> = {
  label: string;
  options: readonly Option[];
  names: Readonly<Record<Option, string>>;
  chosen: Option;
  choose: (option: Option) => void;
};

/** A choice of a few options, side by side: radio buttons, so that arrow keys and screen readers work. */
export function Choice<Option extends string>({ label, options, names, chosen, choose }: Props<Option>) {
  const group = useId();
  return (
    <fieldset class="choice">
      <legend class="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option}>
          <input type="radio" name={group} checked={option === chosen} onChange={() => choose(option)} />
          <span>{names[option]}</span>
        </label>
      ))}
    </fieldset>
  );
}
