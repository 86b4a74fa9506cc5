import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * A stored picture; its path comes from the store, never from a request. `sha256` is there as long as an uploader is expected
 * to ask for the picture.
 */
export type SnapshotFile = { readonly path: string; readonly bytes: number; readonly sha256?: string | undefined };

/** The header with the detector's signature of a 404 or 410 about a snapshot (docs/contract.md §4). */
export const answerSignatureHeader = 'roomwatch-signature';
/** The header with its signature, if an uploader has archived the snapshot. */
export const archivedSignatureHeader = 'roomwatch-archived';

/** The signatures of an answer that there is no such picture; `archived` only if an uploader has archived it. */
export type AnswerSignatures = { readonly signature: string; readonly archived?: string | undefined };

/** What `sendSnapshot` does besides sending. */
export type SendOptions = {
  /** Signs the answer that there is no such picture; such answers are not signed by default. */
  sign?(status: 404 | 410, id: string): Promise<AnswerSignatures>;
  /** Receives the id of a picture whose file no longer holds its bytes. */
  damaged?(id: string): void;
};

/**
 * Answers with the picture of this id, with 404 if it is `unknown`, or with 410 if retention removed it or its file no longer
 * holds the announced bytes.
 */
export async function sendSnapshot(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  found: SnapshotFile | 'gone' | 'unknown',
  { sign, damaged }: SendOptions = {},
) {
  const answerAbsent = async (status: 404 | 410, error: string, message: string) => {
    reply.header('cache-control', 'no-store');
    const { signature, archived } = (await sign?.(status, id)) ?? {};
    if (signature !== undefined) reply.header(answerSignatureHeader, signature);
    if (archived !== undefined) reply.header(archivedSignatureHeader, archived);
    return reply.code(status).send({ error, message });
  };
  const answerGone = () =>
    answerAbsent(410, 'gone', 'The snapshot has been removed to keep within the limits of retention.');
  if (found === 'unknown') return answerAbsent(404, 'unknown', 'There is no such snapshot.');
  if (found === 'gone') return answerGone();

  const etag = `"${id}"`;
  if (request.headers['if-none-match'] === etag)
    return reply.code(304).header('cache-control', 'no-store').header('etag', etag).send();
  // Opened before the headers are sent: a file that was removed meanwhile is a 410, not a broken picture.
  const file = await open(found.path, 'r').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  });
  if (file === undefined) return answerGone();
  if (!(await holds(file, found))) {
    await file.close();
    damaged?.(id);
    return answerAbsent(410, 'damaged', 'The file of the snapshot no longer holds the picture.');
  }
  reply.header('etag', etag).header('cache-control', 'private, max-age=86400, immutable');
  reply.type('image/jpeg').header('content-length', found.bytes);
  if (request.method === 'HEAD') {
    await file.close();
    return reply.send();
  }
  // Without `end`, each picture would take a second buffer of 64 kB, only to find the end of the file.
  return reply.send(file.createReadStream({ start: 0, end: found.bytes - 1 }));
}

/** Whether a file has the size and, if that is known, the SHA-256 of its picture; closes the file if it cannot be read. */
async function holds(file: FileHandle, { bytes, sha256 }: SnapshotFile): Promise<boolean> {
  try {
    if ((await file.stat()).size !== bytes) return false;
    if (sha256 === undefined) return true;
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(Math.min(bytes, 64 * 1024));
    for (let at = 0; at < bytes;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return false;
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return hash.digest('hex') === sha256;
  } catch (cause) {
    await file.close();
    throw cause;
  }
}
