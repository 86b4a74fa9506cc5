import { createHash } from 'node:crypto';
import { boundedFetch, type Chunks, FetchError } from '../../async/bounded-fetch.js';
import type { QueuedSnapshot } from '../../domain/contract/payloads.js';
import type { Attempt } from '../../domain/uploads/policy.js';
import { answerSignatureHeader, archivedSignatureHeader } from './send-snapshot.js';

type Failed = Extract<Attempt, { kind: 'failed' }>;

/** The announced bytes, or the reason why they could not be downloaded. */
export type Download =
  { readonly kind: 'fetched'; readonly bytes: Uint8Array } | Exclude<Attempt, { kind: 'stored' | 'refused' | 'later' }>;

/**
 * Whether the signature in an answer's header shows that the snapshot's own detector gave an answer of this status; with
 * `archived`: and said that an uploader has archived the snapshot where this one would.
 */
export type AnswerCheck = (
  answer: { readonly status: number; readonly archived: boolean },
  signature: string | null,
) => boolean;

/** A slower download is given up, if it also takes longer than this many times the silence that is allowed. */
const slowestBytesPerSecond = 4 * 1024;
const silences = 4;

/**
 * Downloads the picture that a receipt announces, and checks its size and SHA-256. The caller must have checked the receipt's
 * signature. Follows no redirects, reads no more than the announced bytes, and gives up after `seconds` of silence, or after four
 * times `seconds` and the time that the announced bytes need on a slow line, which other downloads share. The snapshot is gone only
 * if its detector says so: a proxy, or another program at its address, may answer 404 as well.
 */
export async function download(
  receipt: Pick<QueuedSnapshot, 'url' | 'bytes' | 'sha256'>,
  seconds: number,
  signal: AbortSignal,
  isSigned: AnswerCheck,
): Promise<Download> {
  const total = silences * seconds + receipt.bytes / slowestBytesPerSecond;
  const bounds = { seconds: total, headSeconds: seconds, silenceSeconds: seconds, signal };
  // Otherwise a small compressed answer could unpack into a huge one.
  const headers = { accept: 'image/jpeg', 'accept-encoding': 'identity' };
  try {
    return await boundedFetch(receipt.url, { headers }, bounds, (answer, chunks) =>
      answer.status === 200 ? readBody(chunks, receipt) : Promise.resolve(failureOf(answer, isSigned)),
    );
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const { answered, code, message } = error;
    if (!answered && unreachableCodes.has(code)) return failed('unreachable', message, true);
    return failed('broken_transfer', message);
  }
}

/** No connection was made, or nobody answered. After any other error, other snapshots of the same detector may well be downloaded. */
const unreachableCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'EADDRNOTAVAIL'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'timeout'],
]);

async function readBody(
  chunks: Chunks,
  { bytes, sha256 }: Pick<QueuedSnapshot, 'bytes' | 'sha256'>,
): Promise<Download> {
  const body = Buffer.alloc(bytes);
  let length = 0;
  for await (const chunk of chunks) {
    if (length + chunk.length > bytes) return failed('wrong_bytes', `more than the ${bytes} bytes announced`);
    body.set(chunk, length);
    length += chunk.length;
  }
  if (length < bytes) return failed('wrong_bytes', `${length} of the ${bytes} bytes announced`);
  const found = createHash('sha256').update(body).digest('hex');
  if (found !== sha256) return failed('wrong_bytes', `SHA-256 ${found}, not ${sha256}`);
  return { kind: 'fetched', bytes: body } as const;
}

function failureOf({ status, headers }: Response, isSigned: AnswerCheck): Download {
  const absent = status === 404 || status === 410;
  if (absent && isSigned({ status, archived: true }, headers.get(archivedSignatureHeader))) return { kind: 'archived' };
  if (absent && isSigned({ status, archived: false }, headers.get(answerSignatureHeader)))
    return { kind: 'gone', message: `the detector answers ${status}` };
  if (status === 403) return failed('forbidden', 'the address is answered with 403; waiting for a new receipt');
  return failed('refused_download', `the address is answered with ${status}${absent ? ', not by its detector' : ''}`);
}

function failed(code: Failed['code'], message: string, host = false): Failed {
  return { kind: 'failed', code, message, host };
}
