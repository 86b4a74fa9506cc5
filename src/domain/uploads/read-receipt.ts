import * as z from 'zod';
import { id, instant, roomName, type SnapshotReceipt, snapshotReceipt } from '../contract/payloads.js';
import { roomTopics } from '../contract/topics.js';

/** Why a receipt is not followed. `about` is who could be told, where that much of it can be read. */
export type BadReceipt = {
  readonly kind: 'bad';
  readonly code: 'bad_receipt' | 'bad_signature' | 'too_large';
  readonly message: string;
  readonly about: z.infer<typeof addressed> | undefined;
};

/** Larger pictures are not fetched. */
export const maxSnapshotBytes = 32 * 1024 * 1024;
/** A receipt with 256 regions has a quarter of it. */
const maxReceiptBytes = 128 * 1024;

const addressed = z.object({ id, room: roomName, taken_at: instant });

/**
 * Reads what came on a snapshot topic. A stranger may have sent it, so nothing is asked for before all of this holds:
 * the room's own topic, the schema, and a signature of ours over the URL; else one could aim requests anywhere.
 */
export function readReceipt(
  base: string,
  message: { readonly topic: string; readonly payload: string },
  isSigned: (url: string) => boolean,
): SnapshotReceipt | BadReceipt {
  const { topic, payload } = message;
  if (payload.length > maxReceiptBytes) return bad('bad_receipt', `${payload.length} bytes are no receipt`, undefined);
  const json = parseJson(payload);
  const said = addressed.safeParse(json);
  // Nobody is told on the topic of a room that is not the sender's.
  const about = said.success && topic === roomTopics(base, said.data.room).snapshot ? said.data : undefined;

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
