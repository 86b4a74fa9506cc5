/** Work beside a loop, in order and one piece at a time. */
export type Sideline = {
  /**
   * Begins the work as soon as the last is done, and resolves then, not at its end. What the work needs from the loop it must
   * take before it first waits.
   */
  begin(work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way, however that ended. */
  over(): Promise<void>;
  /** Rejects when a piece of work does. */
  readonly failed: Promise<never>;
};

/** Makes a sideline with nothing under way. */
export function createSideline(): Sideline {
  let fail: (cause: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let last = Promise.resolve();
  return {
    async begin(work) {
      await last;
      last = work().catch(fail);
    },
    over: () => last,
    failed,
  };
}
