import { signal } from '@preact/signals';

/** The current time, updated every second, for texts that show a duration. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);
