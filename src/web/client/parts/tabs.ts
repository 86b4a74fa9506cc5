import { signal, type ReadonlySignal } from '@preact/signals';

/** The tabs of a page. */
export type Tabs<Name extends string = string> = {
  readonly names: readonly Name[];
  readonly titles: Readonly<Record<Name, string>>;
  readonly chosen: ReadonlySignal<Name>;
};

/** The hash of the address names the tab that is shown; without one it is the first. */
export function createTabs<Name extends string>(titles: Readonly<Record<Name, string>>): Tabs<Name> {
  const names = Object.keys(titles) as Name[];
  const inUrl = () => names.find((name) => location.hash === `#${name}`) ?? names[0]!;
  const chosen = signal(inUrl());
  addEventListener('hashchange', () => (chosen.value = inUrl()));
  return { names, titles, chosen };
}
