import { healthTexts } from '../health/health-texts.js';
import { timeOf } from '../parts/time.js';
import { texts } from '../texts.js';
import { home, unansweredSince } from './home.js';

/** Says what does not work in this home, since when, and what to do. */
export function Troubles() {
  const troubles = currentTroubles();
  return (
    <div role="status" class={`connection ${troubles.length > 0 ? 'gone' : ''}`}>
      {troubles.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}

function currentTroubles(): string[] {
  const current = home.value;
  if (unansweredSince.value !== undefined) return [texts.overview.unanswered(timeOf(unansweredSince.value))];
  if (current === undefined) return [];
  const { broker, rooms, uploaders } = current;
  if (!broker.ok) return [texts.overview.noBroker(timeIfKnown(broker.since), broker.why ?? '')];
  return [
    ...rooms
      .filter(({ online }) => !online)
      .map(({ room, since }) => texts.overview.roomOffline(room, timeIfKnown(since))),
    ...uploaders
      .filter(({ online }) => !online)
      .map(({ name, since }) => healthTexts.uploaderOffline(name, timeIfKnown(since))),
  ];
}

const timeIfKnown = (at: string | null | undefined) => (at ? timeOf(new Date(at)) : '');
