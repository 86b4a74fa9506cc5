import { useId } from 'preact/hooks';
import type { Occupants } from '../../../domain/page/payloads.js';
import { Choice } from '../parts/choice.js';
import { draft } from './draft.js';
import { state } from '../state/room.js';
import { texts } from '../texts.js';

const usual: Readonly<Record<string, Occupants>> = {
  person: ['person'],
  animal: ['person', 'animal'],
  vehicle: ['person', 'vehicle'],
  anything: ['anything'],
};

/** What occupies the room: one of the usual choices, or what the configuration says if it is none of them. */
export function OccupantsChoice() {
  const title = useId();
  const current = draft.occupants.value;
  if (current === null) return null;
  const configured = state.value?.occupied_by ?? current;
  const choices = Object.values(usual).some((one) => same(one, configured))
    ? usual
    : { ...usual, configured: [...configured] };
  const names = { ...texts.occupants, configured: configured.join(', ') };
  const chosen = Object.keys(choices).find((name) => same(choices[name]!, current));
  return (
    <div class="occupants">
      <h3 id={title}>{texts.occupiedBy}</h3>
      <Choice
        label={texts.occupiedBy}
        options={Object.keys(choices)}
        names={names}
        chosen={chosen ?? ''}
        choose={(name) => draft.setOccupants(choices[name]!)}
      />
      <p class="hint">{texts.occupiedByHint}</p>
    </div>
  );
}

function same(one: Occupants, other: Occupants): boolean {
  return one.toSorted().join() === other.toSorted().join();
}
