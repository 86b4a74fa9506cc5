import { useEffect, useRef } from 'preact/hooks';
import { attempt } from '../parts/notice.js';
import { chooseDay, chosenDay, loadOlderVisits, moreVisits, visits } from '../state/visits.js';
import { texts } from '../texts.js';
import { Viewer } from './viewer.js';
import { VisitCard } from './visit-card.js';

/** The visits with their snapshots and the results of the uploads; older ones are loaded when the end of the list is near. */
export function Visits() {
  const none = chosenDay.value === '' ? texts.noVisits : texts.noVisitsOnDay;
  return (
    <section aria-labelledby="visits-title">
      <div class="row">
        <h2 id="visits-title">{texts.visits}</h2>
        <DayChoice />
      </div>
      {visits.value?.length === 0 && <p class="empty">{none}</p>}
      <ol class="visits">
        {visits.value?.map((visit) => (
          <VisitCard key={visit.key} visit={visit} />
        ))}
      </ol>
      {moreVisits.value && <Older count={visits.value?.length ?? 0} />}
      <Viewer />
    </section>
  );
}

function DayChoice() {
  const choose = (day: string) => void attempt(() => chooseDay(day));
  return (
    <div class="actions">
      <label>
        {texts.day}{' '}
        <input type="date" value={chosenDay.value} onChange={({ currentTarget }) => choose(currentTarget.value)} />
      </label>
      <button type="button" disabled={chosenDay.value === ''} onClick={() => choose('')}>
        {texts.allDays}
      </button>
    </div>
  );
}

/** Loads older visits when it comes near the screen, or when it is pressed. */
function Older({ count }: { count: number }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (button.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void loadOlderVisits().catch(() => undefined);
      },
      { rootMargin: '600px' },
    );
    observer.observe(button.current);
    // Observed anew after each part: if that part did not fill the screen, the next one is due.
    return () => observer.disconnect();
  }, [count]);
  return (
    <button ref={button} type="button" class="older" onClick={() => void attempt(loadOlderVisits)}>
      {texts.olderVisits}
    </button>
  );
}
