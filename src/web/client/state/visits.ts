import { signal } from '@preact/signals';
import type { Visit } from '../../../domain/page/payloads.js';
import { api } from './api.js';

/** The visits loaded so far, newest first, of the chosen day or of all days; undefined before they are loaded. */
export const visits = signal<readonly Visit[] | undefined>(undefined);
/** Whether there are older visits to load. */
export const moreVisits = signal(false);
/** The chosen day in local time, as in `2026-11-22`; empty for all days. */
export const chosenDay = signal('');

const pageLength = 20;
const maxLimit = 100;
/** Changes when another day is chosen: an answer for the day before is then ignored. */
let choice = 0;
let loading = false;

/** The first instant of the chosen day and of the day after it. */
function bounds(): { since?: string; before?: string } {
  const first = new Date(`${chosenDay.value}T00:00`);
  if (Number.isNaN(first.getTime())) return {};
  const next = new Date(first);
  next.setDate(next.getDate() + 1);
  return { since: first.toISOString(), before: next.toISOString() };
}

async function load(limit: number, before?: string): Promise<void> {
  const asked = choice;
  const page = await api.visits({ ...bounds(), ...(before !== undefined && { before }), limit });
  if (asked !== choice) return;
  const known = before === undefined ? [] : (visits.value ?? []);
  visits.value = [...known, ...page.visits.filter(({ key }) => known.every((one) => one.key !== key))];
  moreVisits.value = page.more;
}

/** Loads the newest visits again, about as many as before. */
export function reloadVisits(): Promise<void> {
  return load(Math.min(maxLimit, Math.max(pageLength, visits.value?.length ?? 0)));
}

/** Loads the next older visits; does nothing while some are being loaded. */
export async function loadOlderVisits(): Promise<void> {
  if (loading || !moreVisits.value) return;
  loading = true;
  try {
    await load(pageLength, visits.value?.at(-1)?.key);
  } finally {
    loading = false;
  }
}

/** Shows the visits of one day, or of all days if it is empty. */
export async function chooseDay(day: string): Promise<void> {
  choice += 1;
  chosenDay.value = day;
  visits.value = undefined;
  moreVisits.value = false;
  await load(pageLength);
}

/** Receives a visit that has changed or begun. */
export function visitChanged(changed: Visit): void {
  const known = visits.value ?? [];
  const { since = '', before = '~' } = bounds();
  if (known.some(({ key }) => key === changed.key))
    visits.value = known.map((visit) => (visit.key === changed.key ? changed : visit));
  else if (changed.began_at >= since && changed.began_at < before && changed.began_at >= (known[0]?.began_at ?? ''))
    visits.value = [changed, ...known];
}
