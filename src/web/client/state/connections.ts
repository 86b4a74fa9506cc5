import { signal } from '@preact/signals';

/** The number of connections to a detector so far; live pictures, and those that could not be loaded, are loaded again after each. */
export const connectionCount = signal(0);
