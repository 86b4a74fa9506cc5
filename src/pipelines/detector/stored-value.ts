/** A value that can be changed while the detector runs, and is stored. */
export type StoredValue<T> = {
  now(): T;
  /** Applies a value at once, then stores it; if that fails, it applies until the next start. */
  change(value: T): Promise<void>;
};

/** What a stored value needs; the file holds `{ [name]: value }`. */
export type StoredValueNeeds<T> = {
  load(): Promise<unknown>;
  save(stored: Record<string, T>): Promise<void>;
  /** Receives every change, before it is stored. */
  changed(value: T): void;
  failed(error: unknown): void;
};

/**
 * Opens the value that an earlier run stored, or else the configured one.
 * @param parse undefined for what does not fit (any more)
 */
export async function openStoredValue<T>(
  name: string,
  configured: T,
  parse: (json: unknown) => T | undefined,
  needs: StoredValueNeeds<T>,
): Promise<StoredValue<T>> {
  const stored = (await needs.load().catch(() => undefined)) as Readonly<Record<string, unknown>> | undefined;
  let now = parse(stored?.[name]) ?? configured;
  let saving = Promise.resolve();
  return {
    now: () => now,
    change(value) {
      now = value;
      needs.changed(value);
      saving = saving.then(() => needs.save({ [name]: value })).catch((error: unknown) => needs.failed(error));
      return saving;
    },
  };
}
