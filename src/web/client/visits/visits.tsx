import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { attempt } from '../parts/notice.js';
import type { VisitList } from '../state/visit-list.js';
import { texts } from '../texts.js';
import { Viewer } from './viewer.js';
import { VisitCard } from './visit-card.js';

type Props = {
  list: VisitList;
  /** Loads the newest visits after another day was chosen. */
  load: () => Promise<unknown>;
  /** the room of the visits that name none */
  thisRoom?: string;
  /** more choices beside the day */
  children?: ComponentChildren;
};

/** The visits with their snapshots and the results of the uploads; older ones are loaded when the end of the list is near. */
export function Visits({ list, load, thisRoom = '', children }: Props) {
  const visits = list.visits.value;
  const choose = (day: string) => {
    list.chooseDay(day);
    void attempt(load);
  };
  return (
    <section aria-labelledby="visits-title">
      <div class="row">
        <h2 id="visits-title">{texts.visits}</h2>
        <div class="actions">
          {children}
          <DayChoice day={list.day.value} choose={choose} />
        </div>
      </div>
      {visits === undefined && <p class="empty">{texts.connecting}</p>}
      {visits?.length === 0 && <p class="empty">{list.day.value === '' ? texts.noVisits : texts.noVisitsOnDay}</p>}
      <ol class="visits">
        {visits?.map((visit) => (
          <VisitCard key={visit.key} visit={visit} />
        ))}
      </ol>
      {list.more.value && <Older list={list} />}
      <Viewer list={list} thisRoom={thisRoom} />
    </section>
  );
}

function DayChoice({ day, choose }: { day: string; choose: (day: string) => void }) {
  return (
    <>
      <label>
        {texts.day} <input type="date" value={day} onChange={({ currentTarget }) => choose(currentTarget.value)} />
      </label>
      <button type="button" disabled={day === ''} onClick={() => choose('')}>
        {texts.allDays}
      </button>
    </>
  );
}

/** Loads older visits when it comes near the screen, or when it is pressed. */
function Older({ list }: { list: VisitList }) {
  const button = useRef<HTMLButtonElement>(null);
  const count = list.visits.value?.length;
  useEffect(() => {
    if (button.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void list.loadOlder().catch(() => undefined);
      },
      { rootMargin: '600px' },
    );
    observer.observe(button.current);
    // Observed anew after each part: if that part did not fill the screen, the next one is due.
    return () => observer.disconnect();
  }, [list, count]);
  return (
    <button ref={button} type="button" class="older" onClick={() => void attempt(list.loadOlder)}>
      {texts.olderVisits}
    </button>
  );
}
