import { Frame } from '../parts/frame.js';
import { createTabs } from '../parts/tabs.js';
import { texts } from '../texts.js';
import { HomeVisits } from './home-visits.js';
import { Rooms } from './rooms.js';
import { Troubles } from './troubles.js';

const tabs = createTabs(texts.overview.tabs);

/** The page of all rooms. */
export function Home() {
  return (
    <Frame tabs={tabs} banner={<Troubles />}>
      {tabs.chosen.value === 'visits' ? <HomeVisits /> : <Rooms />}
    </Frame>
  );
}
