/** The part of `fetch` that the SDK and this program use. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

type FetchOptions = {
  /** `dropbox.api_url`: one origin that replaces all of Dropbox's */
  readonly apiUrl?: string | undefined;
  readonly timeoutSeconds?: number;
  readonly maxAnswerBytes?: number;
};

/** There was no answer, or only part of one: Dropbox may or may not have done what was asked. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  /** `ECONNREFUSED`, `timeout`, `stopped`, ... */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A slower upload times out. */
const slowestBytesPerSecond = 8 * 1024;

/**
 * A fetch for every request to Dropbox. The answer is complete and in memory when it resolves; the time-out (longer for a
 * larger upload) and the size limit include its body. Redirects are not followed. Throws UnreachableError only.
 */
export function createDropboxFetch(options: FetchOptions = {}): Fetch {
  const { apiUrl, timeoutSeconds = 60, maxAnswerBytes = 4 * 1024 * 1024 } = options;

  return async (url, init = {}) => {
    const { pathname, search, origin } = new URL(url);
    const upload = init.body instanceof Uint8Array ? init.body.length : 0;
    // One controller for each request: listeners on the process's long-lived signal must not accumulate.
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
    if (size > maxBytes) throw new UnreachableError('answer_too_large', 'Dropbox sent too large an answer', undefined);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The message of undici's error is always `fetch failed`; its cause tells what happened. */
function unreachable(error: unknown): UnreachableError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'network';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UnreachableError(code, `Dropbox cannot be reached: ${message}`, error);
}
