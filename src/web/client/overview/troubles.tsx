import { healthTexts } from '../health/health-texts.js';
import { texts } from '../texts.js';
import { home, unanswered } from './home.js';

/** Says what does not work in this home, and what to do. */
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
  if (unanswered.value) return [texts.overview.unanswered];
  if (current === undefined) return [];
  if (!current.broker.ok) return [texts.overview.noBroker(current.broker.why ?? '')];
  const offline = current.rooms.filter(({ online }) => !online).map(({ room }) => texts.overview.roomOffline(room));
  const uploaders = current.uploaders
    .filter(({ online }) => !online)
    .map(({ name }) => healthTexts.uploaderOffline(name));
  return [...offline, ...uploaders];
}
