/**
 * Merges several sources into one stream, in the order in which items arrive. A source is asked for its next item only after
 * its last one was taken. The stream ends when `first` ends, and then ends the others.
 */
export async function* merge<First, Other = never>(
  first: AsyncIterable<First>,
  ...others: AsyncIterable<Other>[]
): AsyncGenerator<First | Other> {
  const sources: AsyncIterator<First | Other>[] = [first, ...others].map((source) => source[Symbol.asyncIterator]());
  const arrived: { readonly index: number; readonly answer: IteratorResult<First | Other> }[] = [];
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};
  // Not Promise.race: a source that is silent for a long time would hold a reference to every race.
  const ask = (index: number) => {
    sources[index]!.next().then(
      (answer) => {
        arrived.push({ index, answer });
        wake();
      },
      (error: unknown) => {
        failure ??= { error };
        wake();
      },
    );
  };
  try {
    for (const index of sources.keys()) ask(index);
    for (;;) {
      while (arrived.length === 0 && failure === undefined) await new Promise<void>((resolve) => (wake = resolve));
      if (failure !== undefined) throw failure.error;
      const { index, answer } = arrived.shift()!;
      if (answer.done === true) {
        if (index === 0) return;
        continue;
      }
      yield answer.value;
      ask(index);
    }
  } finally {
    for (const source of sources) void source.return?.().catch(() => undefined);
  }
}
