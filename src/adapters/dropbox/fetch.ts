/** The part of `fetch` that the SDK and we use. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

type FetchOptions = {
  /** `dropbox.api_url`: one origin that answers for all of Dropbox's */
  readonly apiUrl?: string | undefined;
  readonly timeoutSeconds?: number;
  readonly maxAnswerBytes?: number;
};

/** No answer, or only part of one: it is not known whether Dropbox did what was asked. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  /** `ECONNREFUSED`, `timeout`, `stopped`, ... */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The slowest upload that is waited for. */
const slowestBytesPerSecond = 8 * 1024;

/**
 * A fetch for everything that goes to Dropbox. The answer is complete and in memory when it resolves; the time-out (longer
 * for a larger upload) and the size cap hold for its body too. Redirects are not followed. Throws UnreachableError only.
 */
export function createDropboxFetch(options: FetchOptions = {}): Fetch {
  const { apiUrl, timeoutSeconds = 60, maxAnswerBytes = 4 * 1024 * 1024 } = options;

  return async (url, init = {}) => {
    const { pathname, search, origin } = new URL(url);
    const upload = init.body instanceof Uint8Array ? init.body.length : 0;
    // A controller for each request: listeners on the long-lived signal of the process must not pile up.
    const controller = new AbortController();
    const stop = () => controller.abort(new UnreachableError('stopped', 'stopped on request', undefined));
    const expire = () => controller.abort(new UnreachableError('timeout', 'Dropbox did not answer in time', undefined));
    const timer = setTimeout(expire, (timeoutSeconds + upload / slowestBytesPerSecond) * 1000);
    init.signal?.addEventListener('abort', stop);
    if (init.signal?.aborted) stop();
    try {
      const answer = await fetch(new URL(pathname + search, apiUrl ?? origin), {
        ...init,
        redirect: 'error',
        signal: controller.signal,
      });
      const body = await readAll(answer, maxAnswerBytes);
      const { status, statusText, headers } = answer;
      return new Response(body.length === 0 ? null : body, { status, statusText, headers });
    } catch (error) {
      const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
      controller.abort();
      throw reason instanceof UnreachableError ? reason : unreachable(reason);
    } finally {
      clearTimeout(timer);
      init.signal?.removeEventListener('abort', stop);
    }
  };
}

async function readAll(answer: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new UnreachableError('answer_too_large', 'Dropbox answered too much', undefined);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** undici says `fetch failed`; what happened stands in the cause. */
function unreachable(error: unknown): UnreachableError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'network';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UnreachableError(code, `Dropbox cannot be reached: ${message}`, error);
}
