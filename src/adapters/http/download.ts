import { createHash } from 'node:crypto';
import type { SnapshotReceipt } from '../../domain/contract/payloads.js';
import type { Attempt } from '../../domain/uploads/policy.js';

/** The bytes that were announced, or why they could not be had. */
export type Download =
  { readonly kind: 'fetched'; readonly bytes: Uint8Array } | Exclude<Attempt, { kind: 'stored' | 'refused' | 'later' }>;

/**
 * Fetches what a receipt announces and compares size and SHA-256. The receipt's signature must have been checked
 * before. Redirects are not followed, no more than the announced bytes are read, and all of it ends after `seconds`.
 */
export async function download(
  receipt: Pick<SnapshotReceipt, 'url' | 'bytes' | 'sha256'>,
  seconds: number,
  signal: AbortSignal,
): Promise<Download> {
  // Not AbortSignal.any: the process's signal would remember every download (Node 20).
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const answer = await fetch(receipt.url, {
      redirect: 'manual',
      signal: controller.signal,
      // Else a small answer could unpack into a huge one.
      headers: { accept: 'image/jpeg', 'accept-encoding': 'identity' },
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      return failureOf(answer.status);
    }
    return await readBody(answer, receipt);
  } catch (cause) {
    return { kind: 'unreachable', message: reason(cause), host: true };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function readBody(answer: Response, { bytes, sha256 }: Pick<SnapshotReceipt, 'bytes' | 'sha256'>) {
  const body = Buffer.alloc(bytes);
  let length = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    if (length + chunk.length > bytes) return corrupt(`more than the ${bytes} bytes announced`);
    body.set(chunk, length);
    length += chunk.length;
  }
  if (length < bytes) return corrupt(`${length} of the ${bytes} bytes announced`);
  const found = createHash('sha256').update(body).digest('hex');
  return found === sha256 ? ({ kind: 'fetched', bytes: body } as const) : corrupt(`SHA-256 ${found}, not ${sha256}`);
}

function corrupt(message: string): Download {
  return { kind: 'corrupt', message };
}

function failureOf(status: number): Download {
  if (status === 404 || status === 410) return { kind: 'gone', message: `the detector answers ${status}` };
  if (status === 403) return { kind: 'forbidden', message: 'the detector answers 403' };
  return { kind: 'unreachable', message: `the detector answers ${status}`, host: false };
}

/** undici's own message is "fetch failed"; its cause tells. */
function reason(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
