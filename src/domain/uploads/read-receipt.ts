import * as z from 'zod';
import { id, instant, roomName, type SnapshotReceipt, snapshotReceipt } from '../contract/payloads.js';
import { parseJson } from '../contract/read-json.js';
import { roomTopics } from '../contract/topics.js';

/** Why a receipt is refused. `about` identifies the snapshot for a report, if that much of the receipt can be read. */
export type BadReceipt = {
  readonly kind: 'bad';
  readonly code: 'bad_receipt' | 'bad_signature' | 'too_large';
  readonly message: string;
  readonly about: z.infer<typeof addressed> | undefined;
};

/** Larger pictures are not downloaded. */
export const maxSnapshotBytes = 32 * 1024 * 1024;
/** The longest valid receipt, with 256 regions, is a quarter of this. */
const maxReceiptBytes = 128 * 1024;

const addressed = z.object({ id, room: roomName, taken_at: instant });

/**
 * Reads a message on a snapshot topic. Anyone may have sent it, so it is a receipt only if it has the topic of its room, fits
 * the schema, and its URL has our signature. Otherwise a stranger could send our requests to any address.
 */
export function readReceipt(
  base: string,
  message: { readonly topic: string; readonly payload: string },
  isSigned: (url: string) => boolean,
): SnapshotReceipt | BadReceipt {
  const { topic, payload } = message;
  if (payload.length > maxReceiptBytes) return bad('bad_receipt', `${payload.length} bytes are no receipt`, undefined);
  const json = parseJson(payload);
  const claimed = addressed.safeParse(json);
  // A report goes to a room only if the message came on the topic of that room.
  const about = claimed.success && topic === roomTopics(base, claimed.data.room).snapshot ? claimed.data : undefined;

  const receipt = snapshotReceipt.safeParse(json);
  if (!receipt.success) return bad('bad_receipt', z.prettifyError(receipt.error).slice(0, 500), about);
  if (about === undefined) return bad('bad_receipt', `its room is ${receipt.data.room}, its topic ${topic}`, undefined);
  if (!isSigned(receipt.data.url)) return bad('bad_signature', 'the URL is not signed with our secret', about);
  if (receipt.data.bytes > maxSnapshotBytes) return bad('too_large', `${receipt.data.bytes} bytes`, about);
  return receipt.data;
}

function bad(code: BadReceipt['code'], message: string, about: BadReceipt['about']): BadReceipt {
  return { kind: 'bad', code, message, about };
}
