import { createHash } from 'node:crypto';
import type { SnapshotReceipt } from '../../domain/contract/payloads.js';
import type { Attempt } from '../../domain/uploads/policy.js';

/** The announced bytes, or the reason why they could not be downloaded. */
export type Download =
  { readonly kind: 'fetched'; readonly bytes: Uint8Array } | Exclude<Attempt, { kind: 'stored' | 'refused' | 'later' }>;

/**
 * Downloads the picture that a receipt announces, and checks its size and SHA-256. The caller must have checked the receipt's
 * signature. Follows no redirects, reads no more than the announced bytes, and gives up after `seconds`.
 */
export async function download(
  receipt: Pick<SnapshotReceipt, 'url' | 'bytes' | 'sha256'>,
  seconds: number,
  signal: AbortSignal,
): Promise<Download> {
  // Not AbortSignal.any: the long-lived signal would keep a reference to every download (Node 20).
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const answer = await fetch(receipt.url, {
      redirect: 'manual',
      signal: controller.signal,
      // Otherwise a small compressed answer could unpack into a huge one.
      headers: { accept: 'image/jpeg', 'accept-encoding': 'identity' },
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      return failureOf(answer.status);
    }
    return await readBody(answer, receipt);
  } catch (cause) {
    return { kind: 'unreachable', message: reasonOf(cause), host: true };
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

/** undici's own message is always "fetch failed"; the reason is in its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
