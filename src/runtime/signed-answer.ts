import type { ArchiveKind } from '../domain/uploads/archive.js';
import { hmacOf, isHmacOf } from './hmac.js';

/** An answer by which the detector of a room says that it has no such picture (any more). */
export type AbsenceAnswer = {
  readonly status: number;
  readonly room: string;
  readonly id: string;
  /** an uploader has archived the snapshot there */
  readonly archivedIn?: ArchiveKind;
};

/** Signs the answer; the signature is sent in the header `roomwatch-signature` or `roomwatch-archived` (docs/contract.md §4). */
export function signAnswer(answer: AbsenceAnswer, secret: string): string {
  return hmacOf(textOf(answer), secret);
}

/** Whether the detector of this room, and nothing else at its address, gave this answer about this picture. */
export function isSignedAnswer(answer: AbsenceAnswer, signature: string | null, secret: string): boolean {
  return isHmacOf(signature, textOf(answer), secret);
}

function textOf({ status, room, id, archivedIn }: AbsenceAnswer): string {
  return `${status} ${room} /snapshots/${id}.jpg${archivedIn === undefined ? '' : ` archived in ${archivedIn}`}`;
}
