/**
 * Returns a function that starts `work`, unless it is running: then `work` runs once more afterwards, however many calls came
 * meanwhile. So one run at a time, and the last run begins after the last call. `work` must not reject.
 */
export function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) void run();
  };
}
