/** The limits of one request. */
export type FetchBounds = {
  /** for all of it, from the connection to the last byte of the answer */
  readonly seconds: number;
  /** for the head of the answer, if not the same as for all of it */
  readonly headSeconds?: number;
  /** for the pause between two pieces of the answer's body */
  readonly silenceSeconds: number;
  /** ends the request when it is aborted */
  readonly signal?: AbortSignal | null | undefined;
};

/** Why there was no complete answer. The message is for people. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  /** `ECONNREFUSED`, `timeout`, `stopped`, … */
  readonly code: string;
  /** whether the head of an answer had arrived */
  readonly answered: boolean;

  constructor(code: string, message: string, answered: boolean, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.answered = answered;
  }
}

/** The body of an answer, piece by piece. */
export type Chunks = AsyncIterable<Uint8Array>;

/**
 * Fetches, gives the answer and its body to `read`, and resolves with what `read` makes of them. Redirects are not followed.
 * The bounds hold for all of it, whatever the other side sends. An abort alone is not enough: after a garbage collection,
 * Node's fetch may not pass it on to the body. Throws FetchError, or what `read` throws.
 */
export async function boundedFetch<T>(
  url: string | URL,
  init: Omit<RequestInit, 'signal'>,
  { seconds, headSeconds = seconds, silenceSeconds, signal }: FetchBounds,
  read: (answer: Response, chunks: Chunks) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let answered = false;
  let end = (_code: string, _message: string) => undefined as void;
  const ended = new Promise<never>((_, reject) => {
    end = (code, message) => reject(new FetchError(code, message, answered));
  });
  ended.catch(() => undefined);
  const endAfter = (limit: number, what: string) =>
    setTimeout(() => end('timeout', `no ${what} within ${Math.ceil(limit)} s`), limit * 1000);
  const timer = endAfter(seconds, 'complete answer');
  const headTimer = endAfter(headSeconds, 'answer');
  // One listener for each request: on the process's long-lived signal they must not accumulate.
  const stop = () => end('stopped', 'stopped on request');
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    const request = fetch(url, { redirect: 'manual', ...init, signal: controller.signal });
    const answer = await Promise.race([ended, request]).catch((error: unknown) => {
      throw asFetchError(error, false);
    });
    answered = true;
    clearTimeout(headTimer);
    const chunks = chunksOf(answer, silenceSeconds, ended);
    const result = await Promise.race([ended, read(answer, chunks)]);
    // A body that was not read would occupy the connection.
    if (!answer.bodyUsed) await Promise.race([ended, answer.body?.cancel()]);
    return result;
  } catch (error) {
    controller.abort();
    throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(headTimer);
    signal?.removeEventListener('abort', stop);
  }
}

async function* chunksOf(answer: Response, silenceSeconds: number, ended: Promise<never>): Chunks {
  const reader = answer.body?.getReader();
  if (reader === undefined) return;
  let complete = false;
  try {
    for (;;) {
      const piece = await withinSilence(Promise.race([ended, reader.read()]), silenceSeconds);
      complete = piece.done;
      if (piece.done) return;
      yield piece.value as Uint8Array;
    }
  } catch (error) {
    throw asFetchError(error, true);
  } finally {
    // Closes the connection, which an abort no longer does after a garbage collection.
    if (!complete) reader.cancel().catch(() => undefined);
  }
}

async function withinSilence<T>(piece: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const silence = () => reject(new FetchError('timeout', `the answer stopped for ${seconds} s`, true));
    timer = setTimeout(silence, seconds * 1000);
  });
  return Promise.race([piece, silent]).finally(() => clearTimeout(timer));
}

/** undici's own message is always `fetch failed`; the reason is in its cause, or in the first of several (one for each address). */
function asFetchError(error: unknown, answered: boolean): FetchError {
  if (error instanceof FetchError) return error;
  const { cause } = Object(error) as { cause?: unknown };
  const reason = (cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause) ?? error;
  const { code, message } = Object(reason) as { code?: unknown; message?: unknown };
  const name = typeof code === 'string' ? code : 'network';
  // Without any reason: Node's fetch makes a network error of status 407, as the standard says.
  const reasonless = name === 'network' ? 'proxy authentication required' : name;
  return new FetchError(name, typeof message === 'string' && message !== '' ? message : reasonless, answered, error);
}
