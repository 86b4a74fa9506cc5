import { signal } from '@preact/signals';
import type { Mark, Moment, PageState, Visit } from '../../domain/page/payloads.js';
import { api } from './api.js';
import { timelines } from './timelines.js';

/** What the detector said last; undefined until it said something. */
export const state = signal<PageState | undefined>(undefined);
export const moment = signal<Moment | undefined>(undefined);
export const visits = signal<readonly Visit[] | undefined>(undefined);
/** `gone` when the detector has not been heard of for longer than it would be silent. */
export const contact = signal<'connecting' | 'live' | 'gone'>('connecting');
/** Counts the times contact was made, so that pictures are asked for anew. */
export const contacts = signal(0);

/** The detector says its whole state every two seconds. */
const silentMs = 7000;
const retryMs = 2000;

let source: EventSource | undefined;
let silence: number | undefined;
let retry: number | undefined;

function heard() {
  clearTimeout(silence);
  silence = setTimeout(lost, silentMs);
  if (contact.value === 'live') return;
  contact.value = 'live';
  contacts.value += 1;
  void Promise.all([api.history(), api.visits()]).then(([history, list]) => {
    timelines.begin(history);
    visits.value = list;
  }, lost);
}

function lost() {
  disconnect();
  contact.value = 'gone';
  retry = setTimeout(() => {
    // An EventSource does not tell a refusal from a failure; this call does, and shows the login where it is needed.
    api.state().then(connect, lost);
  }, retryMs);
}

function disconnect() {
  clearTimeout(silence);
  clearTimeout(retry);
  source?.close();
  source = undefined;
}

function listen<Data>(name: string, take: (data: Data) => void) {
  source?.addEventListener(name, (event: MessageEvent<string>) => {
    heard();
    take(JSON.parse(event.data) as Data);
  });
}

function connect() {
  disconnect();
  source = new EventSource('/api/events');
  source.onerror = lost;
  listen<PageState>('state', (said) => (state.value = said));
  listen<Moment>('moment', (said) => {
    moment.value = said;
    timelines.add(said);
  });
  listen<Mark>('mark', (said) => timelines.mark(said));
  listen<Visit>('visit', (said) => {
    const others = (visits.value ?? []).filter((visit) => visit.key !== said.key);
    visits.value = [said, ...others].sort((a, b) => b.began_at.localeCompare(a.began_at)).slice(0, 100);
  });
}

/** Stays in contact with the detector while the page is to be seen; a hidden page costs the detector nothing. */
export function keepContact(): void {
  const follow = () => {
    if (document.visibilityState === 'visible') connect();
    else {
      disconnect();
      contact.value = 'connecting';
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
