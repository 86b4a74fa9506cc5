import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../texts.js';
import { LogOut } from './log-out.js';
import { Notice } from './notice.js';
import type { Tabs } from './tabs.js';

type Props = {
  /** the room; undefined for all rooms */
  room?: string | undefined;
  /** the address of the page of all rooms, if this is another one */
  homeUrl?: string | undefined;
  tabs: Tabs;
  /** the state in short, beside the title */
  badge?: ComponentChildren;
  /** what does not work */
  banner: ComponentChildren;
  children: ComponentChildren;
};

/** The frame of a page: its title, the links to its tabs, what does not work, and the chosen tab. */
export function Frame({ room, homeUrl, tabs, badge, banner, children }: Props) {
  const { names, titles, chosen } = tabs;
  const name = chosen.value;
  const main = useRef<HTMLElement>(null);
  const shown = useRef(name);
  useEffect(() => {
    document.title = [titles[name], ...(room === undefined ? [] : [room]), texts.product].join(' – ');
    // For a screen reader, another tab is another page: the focus moves to its beginning.
    if (shown.current !== name) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    shown.current = name;
  }, [titles, name, room]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {texts.skip}
      </a>
      <header>
        <div class="bar">
          {homeUrl !== undefined && (
            <a class="home" href={homeUrl}>
              {texts.overview.tabs.rooms}
            </a>
          )}
          <h1>
            <img src="assets/icon.svg" alt="" width="28" height="28" />
            <span>{room ?? texts.product}</span>
          </h1>
          {badge}
          <LogOut />
        </div>
        <nav aria-label={texts.product}>
          {names.map((each) => (
            <a key={each} href={`#${each}`} aria-current={each === name ? 'page' : undefined}>
              {titles[each]}
            </a>
          ))}
        </nav>
      </header>
      {banner}
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Notice />
    </>
  );
}
