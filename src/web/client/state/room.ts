import { computed, signal } from '@preact/signals';
import type { Mark, Moment, PageState, Visit } from '../../../domain/page/payloads.js';
import { api } from './api.js';
import { now } from './clock.js';
import { connectionCount } from './connections.js';
import { timelines } from './timelines.js';
import { reloadVisits, visitChanged } from './visits.js';

/** The newest state from the detector; undefined before the first one. */
export const state = signal<PageState | undefined>(undefined);
/** Whether people are looked for in this room. */
export const recognises = computed(() => (state.value?.health.recognition ?? null) !== null);
const newestMoment = signal<Moment | undefined>(undefined);
/** The newest motion level and its threshold; undefined while there are no frames to judge. */
export const moment = computed(() => {
  const seen = connection.value === 'live' && state.value?.health.camera !== 'lost';
  return seen ? newestMoment.value : undefined;
});
/** `gone` if the detector has sent nothing for longer than its usual interval. */
export const connection = signal<'connecting' | 'live' | 'gone'>('connecting');
/** While the detector is gone: since when, in milliseconds, and what the server in between says about it. */
export const goneSince = signal(Date.now());
export const goneWhy = signal('');

/** The detector sends its state every two seconds. */
const silentMs = 7000;
const retryMs = 2000;

let source: EventSource | undefined;
let silence: number | undefined;
let retry: number | undefined;

/** The detector's clock, in seconds: it need not be the clock of the browser. */
export const detectorSeconds = computed(() => (now.value + clockOffset) / 1000);
let clockOffset = 0;

function expectEvents() {
  clearTimeout(silence);
  silence = setTimeout(() => connectionLost(), silentMs);
}

function received() {
  expectEvents();
  goneSince.value = Date.now();
  if (connection.value === 'live') return;
  connection.value = 'live';
  connectionCount.value += 1;
  void Promise.all([api.history(), reloadVisits()]).then(([history]) => timelines.begin(history), connectionLost);
}

/** @param error why a call failed, if one did */
function connectionLost(error?: unknown) {
  disconnect();
  // A call that has reached no server has no reason that helps.
  const isAnswer = error instanceof Error && !(error instanceof TypeError) && !(error instanceof DOMException);
  goneWhy.value = isAnswer ? error.message : '';
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
  source.onerror = () => connectionLost();
  expectEvents();
  listen<PageState>('state', (data) => {
    clockOffset = Date.parse(data.at) - Date.now();
    state.value = data;
  });
  listen<Moment>('moment', (data) => {
    newestMoment.value = data;
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
