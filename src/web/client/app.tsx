import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Health } from './health/health.js';
import { Live } from './live/live.js';
import { Banner } from './parts/banner.js';
import { LogOut } from './parts/log-out.js';
import { Notice } from './parts/notice.js';
import { state } from './state/room.js';
import { StatusBadge } from './parts/status-badge.js';
import { texts } from './texts.js';
import { Tune } from './tune/tune.js';
import { Visits } from './visits/visits.js';

const pages = { live: Live, tune: Tune, visits: Visits, health: Health } as const;
type PageName = keyof typeof pages;

const names = Object.keys(pages) as PageName[];
const pageInUrl = () => names.find((name) => location.hash === `#${name}`) ?? 'live';
const page = signal<PageName>(pageInUrl());
addEventListener('hashchange', () => (page.value = pageInUrl()));

/** The page of all rooms serves each room below its own address. */
const homeUrl = /\/rooms\/[^/]+\/$/.test(location.pathname) ? '../../' : undefined;

/** The frame of the page: the room, its status, and the links to the four parts. */
export function App() {
  const name = page.value;
  const Page = pages[name];
  const main = useRef<HTMLElement>(null);
  const shown = useRef(name);
  const room = state.value?.room ?? '';
  useEffect(() => {
    document.title = `${texts.pages[name]} – ${room === '' ? '' : `${room} – `}${texts.product}`;
    // For a screen reader, another part is another page: the focus moves to its beginning.
    if (shown.current !== name) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    shown.current = name;
  }, [name, room]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {texts.skip}
      </a>
      <header>
        <div class="bar">
          {homeUrl !== undefined && (
            <a class="home" href={homeUrl}>
              {texts.overview.all}
            </a>
          )}
          <h1>
            <img src="assets/icon.svg" alt="" width="28" height="28" />
            <span>{room === '' ? texts.product : room}</span>
          </h1>
          <StatusBadge />
          <LogOut />
        </div>
        <nav aria-label={texts.product}>
          {names.map((each) => (
            <a key={each} href={`#${each}`} aria-current={each === name ? 'page' : undefined}>
              {texts.pages[each]}
            </a>
          ))}
        </nav>
      </header>
      <Banner />
      <main id="main" ref={main} tabIndex={-1}>
        {state.value === undefined ? null : <Page />}
      </main>
      <Notice />
    </>
  );
}
