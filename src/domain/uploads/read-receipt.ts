import * as z from 'zod';
import { id, instant, roomName, type SnapshotReceipt, snapshotReceipt } from '../contract/payloads.js';
import { isJsonObject, parseJson } from '../contract/read-json.js';
import { roomTopics } from '../contract/topics.js';

/**
 * Why a receipt is refused. `about` identifies the snapshot for a report. It is there only if the detector has signed the
 * document: nobody else can end a snapshot.
 */
export type BadReceipt = {
  readonly kind: 'bad';
  readonly code: 'bad_receipt' | 'secret_differs' | 'too_large';
  readonly message: string;
  readonly about: z.infer<typeof addressed> | undefined;
};

/** Larger pictures are not downloaded. */
export const maxSnapshotBytes = 32 * 1024 * 1024;
/** The longest valid receipt, with 256 regions, is a quarter of this. */
const maxReceiptBytes = 128 * 1024;

const addressed = z.object({ id, room: roomName, taken_at: instant });

/**
 * Reads a message on a snapshot topic. Anyone may have sent it, so the signature over the whole document is checked before
 * anything in it is used. A signed document is a receipt if it has the topic of its room and fits the schema.
 */
export function readReceipt(
  base: string,
  message: { readonly topic: string; readonly payload: string },
  isSigned: (document: Readonly<Record<string, unknown>>) => boolean,
): SnapshotReceipt | BadReceipt {
  const { topic, payload } = message;
  if (payload.length > maxReceiptBytes) return bad('bad_receipt', `${payload.length} bytes are no receipt`, undefined);
  const json = parseJson(payload);
  if (!isJsonObject(json) || !isSigned(json)) return foreign(json);
  const claimed = addressed.safeParse(json);
  // A report goes to a room only if the message came on the topic of that room.
  const about = claimed.success && topic === roomTopics(base, claimed.data.room).snapshot ? claimed.data : undefined;

  const receipt = snapshotReceipt.safeParse(json);
  if (!receipt.success) return bad('bad_receipt', z.prettifyError(receipt.error).slice(0, 500), about);
  if (about === undefined) return bad('bad_receipt', `its room is ${receipt.data.room}, its topic ${topic}`, undefined);
  if (receipt.data.bytes > maxSnapshotBytes) return bad('too_large', `${receipt.data.bytes} bytes`, about);
  return receipt.data;
}

const unsigned =
  'it has no signature, as those of version 0.1: upgrade the detector, too; it announces the picture again (docs/upgrading.md)';

/** A message without our signature: the receipt of a detector with another secret, a forgery, or something else. */
function foreign(json: unknown): BadReceipt {
  const { error } = snapshotReceipt.safeParse(json);
  const [issue, ...others] = error?.issues ?? [];
  if (issue?.path[0] === 'signature' && others.length === 0) return bad('bad_receipt', unsigned, undefined);
  if (error !== undefined) return bad('bad_receipt', z.prettifyError(error).slice(0, 500), undefined);
  const message =
    'a receipt is not signed with our secret: compare secret_from in the first log lines of detector and uploader; both need the ' +
    'same http.signing_secret, or without one the same data_dir';
  return bad('secret_differs', message, undefined);
}

function bad(code: BadReceipt['code'], message: string, about: BadReceipt['about']): BadReceipt {
  return { kind: 'bad', code, message, about };
}
