import { partsOf } from '../health/parts-of.js';
import { connection, goneSince, goneWhy, state } from '../state/room.js';
import { texts } from '../texts.js';
import { timeOf } from './time.js';

/** Says on every part of the page what does not work, since when, and what to do. */
export function Banner() {
  return (
    <div role="status" class={`connection ${connection.value === 'connecting' ? '' : 'gone'}`}>
      {bannerLines().map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function bannerLines(): readonly string[] {
  if (connection.value === 'connecting') return [texts.connecting];
  if (connection.value === 'gone') return [texts.gone(timeOf(new Date(goneSince.value)), goneWhy.value)];
  if (state.value === undefined) return [];
  return partsOf(state.value, true)
    .filter(({ verdict }) => verdict === 'bad')
    .map(({ name, text, since }) => texts.trouble(name, since === undefined ? '' : timeOf(new Date(since)), text));
}
