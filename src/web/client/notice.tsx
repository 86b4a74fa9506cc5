import { signal } from '@preact/signals';

const said = signal<{ readonly text: string; readonly bad: boolean } | undefined>(undefined);
let timer: number | undefined;

/** Says shortly how something went that the reader asked for. */
export function notify(text: string, bad = false): void {
  said.value = { text, bad };
  clearTimeout(timer);
  timer = setTimeout(() => (said.value = undefined), 6000);
}

/** Does something and says why where it could not be done; gives whether it was. */
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

export function Notice() {
  return (
    <p class={`notice ${said.value?.bad === true ? 'bad' : ''}`} role="status" hidden={said.value === undefined}>
      {said.value?.text}
    </p>
  );
}
