import { Health } from './health/health.js';
import { Live } from './live/live.js';
import { Banner } from './parts/banner.js';
import { Frame } from './parts/frame.js';
import { StatusBadge } from './parts/status-badge.js';
import { createTabs } from './parts/tabs.js';
import { state } from './state/room.js';
import { texts } from './texts.js';
import { Tune } from './tune/tune.js';
import { RoomVisits } from './visits/room-visits.js';

const pages = { live: Live, tune: Tune, visits: RoomVisits, health: Health } as const;
const tabs = createTabs(texts.pages);

/** The page of all rooms serves each room below its own address. */
const homeUrl = /\/rooms\/[^/]+\/$/.test(location.pathname) ? '../../' : undefined;

/** The page of one room. */
export function App() {
  const Page = pages[tabs.chosen.value];
  return (
    <Frame room={state.value?.room} homeUrl={homeUrl} tabs={tabs} badge={<StatusBadge />} banner={<Banner />}>
      {state.value === undefined ? null : <Page />}
    </Frame>
  );
}
