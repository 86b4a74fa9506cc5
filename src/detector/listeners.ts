/** Functions that are called with each event, in the order in which they were added. */
export type Listeners<Event> = { add(listener: (event: Event) => void): void; notify(event: Event): void };

/** Starts without a listener. */
export function createListeners<Event>(): Listeners<Event> {
  const listeners: ((event: Event) => void)[] = [];
  return {
    add: (listener) => void listeners.push(listener),
    notify: (event) => listeners.forEach((listener) => listener(event)),
  };
}
