import { boundedFetch, type Chunks, FetchError } from '../../async/bounded-fetch.js';

/** The part of `fetch` that the SDK and this program use. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

type FetchOptions = {
  /** `dropbox.api_url`: one origin that replaces all of Dropbox's */
  readonly apiUrl?: string | undefined;
  readonly timeoutSeconds?: number;
  readonly silenceSeconds?: number;
  readonly maxAnswerBytes?: number;
};

/** A slower upload times out. */
const slowestBytesPerSecond = 8 * 1024;

/**
 * A fetch for every request to Dropbox. The answer is complete and in memory when it resolves; the time-out (longer for a
 * larger upload), the bound on silence and the size limit include its body. Redirects are not followed. Throws FetchError
 * only: Dropbox may or may not have done what was asked.
 */
export function createDropboxFetch(options: FetchOptions = {}): Fetch {
  const { apiUrl, timeoutSeconds = 60, silenceSeconds = 20, maxAnswerBytes = 4 * 1024 * 1024 } = options;

  return (url, { signal, ...init } = {}) => {
    const { pathname, search, origin } = new URL(url);
    const upload = init.body instanceof Uint8Array ? init.body.length : 0;
    const seconds = timeoutSeconds + upload / slowestBytesPerSecond;
    return boundedFetch(
      new URL(pathname + search, apiUrl ?? origin),
      { ...init, redirect: 'error' },
      { seconds, silenceSeconds, signal },
      async ({ status, statusText, headers }, chunks) => {
        const body = await readAll(chunks, maxAnswerBytes);
        return new Response(body.length === 0 ? null : body, { status, statusText, headers });
      },
    );
  };
}

async function readAll(answer: Chunks, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > maxBytes) throw new FetchError('answer_too_large', 'too large an answer', true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
