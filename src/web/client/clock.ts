import { signal } from '@preact/signals';

/** Now, to the second, for what says how long something has lasted. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);
