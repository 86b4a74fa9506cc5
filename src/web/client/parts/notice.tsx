import { signal } from '@preact/signals';

const current = signal<{ readonly text: string; readonly bad: boolean } | undefined>(undefined);
let timer: number | undefined;

/** Shows a short message about the result of an action for six seconds. */
export function notify(text: string, bad = false): void {
  current.value = { text, bad };
  clearTimeout(timer);
  timer = setTimeout(() => (current.value = undefined), 6000);
}

/** Runs an action and shows `done`, or the reason why it failed. Resolves to whether it succeeded. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done !== undefined) notify(done);
    return true;
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), true);
    return false;
  }
}

/** The place of the messages. */
export function Notice() {
  return (
    <p class={`notice ${current.value?.bad === true ? 'bad' : ''}`} role="status" hidden={current.value === undefined}>
      {current.value?.text}
    </p>
  );
}
