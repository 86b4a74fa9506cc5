/**
 * One stream of several, in the order things arrive. Each source has at most one item under way and is asked for the
 * next only when its last was taken; the stream ends when the first source does, and then ends the others.
 */
export async function* merge<First, Other = never>(
  first: AsyncIterable<First>,
  ...others: AsyncIterable<Other>[]
): AsyncGenerator<First | Other> {
  const sources: AsyncIterator<First | Other>[] = [first, ...others].map((source) => source[Symbol.asyncIterator]());
  const ask = async (index: number) => ({ index, answer: await sources[index]!.next() });
  const pending = new Map(sources.map((_, index) => [index, ask(index)]));
  try {
    while (pending.has(0)) {
      const { index, answer } = await Promise.race(pending.values());
      pending.delete(index);
      if (answer.done === true) continue;
      yield answer.value;
      pending.set(index, ask(index));
    }
  } finally {
    for (const source of sources) void source.return?.().catch(() => undefined);
    for (const late of pending.values()) late.catch(() => undefined);
  }
}
