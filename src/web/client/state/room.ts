import { computed, signal } from '@preact/signals';
import type { Mark, Moment, PageState, Visit } from '../../../domain/page/payloads.js';
import { api } from './api.js';
import { timelines } from './timelines.js';
import { reloadVisits, visitChanged } from './visits.js';

/** The newest state from the detector; undefined before the first one. */
export const state = signal<PageState | undefined>(undefined);
/** Whether people are looked for in this room. */
export const recognises = computed(() => (state.value?.health.recognition ?? null) !== null);
/** The newest motion level and its threshold. */
export const moment = signal<Moment | undefined>(undefined);
/** `gone` if the detector has sent nothing for longer than its usual interval. */
export const connection = signal<'connecting' | 'live' | 'gone'>('connecting');
/** The number of connections so far; live pictures are loaded again after each. */
export const connectionCount = signal(0);

/** The detector sends its state every two seconds. */
const silentMs = 7000;
const retryMs = 2000;

let source: EventSource | undefined;
let silence: number | undefined;
let retry: number | undefined;

function received() {
  clearTimeout(silence);
  silence = setTimeout(connectionLost, silentMs);
  if (connection.value === 'live') return;
  connection.value = 'live';
  connectionCount.value += 1;
  void Promise.all([api.history(), reloadVisits()]).then(([history]) => timelines.begin(history), connectionLost);
}

function connectionLost() {
  disconnect();
  connection.value = 'gone';
  retry = setTimeout(() => {
    // An EventSource cannot tell a refusal from a failure. This call can, and it shows the login if that is needed.
    api.state().then(connect, connectionLost);
  }, retryMs);
}

function disconnect() {
  clearTimeout(silence);
  clearTimeout(retry);
  source?.close();
  source = undefined;
}

function listen<Data>(name: string, handle: (data: Data) => void) {
  source?.addEventListener(name, (event: MessageEvent<string>) => {
    received();
    handle(JSON.parse(event.data) as Data);
  });
}

function connect() {
  disconnect();
  source = new EventSource('api/events');
  source.onerror = connectionLost;
  listen<PageState>('state', (data) => (state.value = data));
  listen<Moment>('moment', (data) => {
    moment.value = data;
    timelines.add(data);
  });
  listen<Mark>('mark', (mark) => timelines.mark(mark));
  listen<Visit>('visit', visitChanged);
}

/** Stays connected to the detector while the page is visible; a hidden page costs the detector nothing. */
export function keepConnected(): void {
  const follow = () => {
    if (document.visibilityState === 'visible') connect();
    else {
      disconnect();
      connection.value = 'connecting';
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
