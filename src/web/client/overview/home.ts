import { signal } from '@preact/signals';
import type { Overview } from '../../../domain/page/overview.js';
import { call } from '../state/api.js';

/** The newest state of all rooms; undefined before the first one. */
export const home = signal<Overview | undefined>(undefined);
/** When the first of the last requests failed; undefined if the last one was answered. */
export const unansweredSince = signal<Date | undefined>(undefined);
/** Counts the requests; each room's picture is loaded again with it. */
export const round = signal(0);

const everyMs = 2000;

/** Loads the state of all rooms every two seconds while the page is visible. */
export function keepLoading(): void {
  let timer: number | undefined;
  const load = async () => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible') return;
    try {
      home.value = await call<Overview>('GET', 'api/overview');
      unansweredSince.value = undefined;
    } catch {
      unansweredSince.value ??= new Date();
    }
    round.value += 1;
    clearTimeout(timer);
    timer = setTimeout(() => void load(), everyMs);
  };
  document.addEventListener('visibilitychange', () => void load());
  void load();
}
