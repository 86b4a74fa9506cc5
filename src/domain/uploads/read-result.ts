import { type UploadResult, uploadResult } from '../contract/payloads.js';
import { isJsonObject, parseJson } from '../contract/read-json.js';
import { roomTopics } from '../contract/topics.js';

/** An upload result, and whether somebody with our secret signed it. `forged`: it has a signature, but not ours. */
export type ReadResult = { readonly kind: 'signed' | 'unsigned' | 'forged'; readonly result: UploadResult };

/**
 * Reads a message on an upload topic; undefined if it is no upload result, or not of the room whose topic this is. Anyone may
 * have sent it, so the signature over the whole document is checked before anything in it is used.
 */
export function readResult(
  base: string,
  { topic, payload }: { readonly topic: string; readonly payload: string },
  isSigned: (document: Readonly<Record<string, unknown>>) => boolean,
): ReadResult | undefined {
  const json = parseJson(payload);
  if (!isJsonObject(json)) return undefined;
  const kind = !Object.hasOwn(json, 'signature') ? 'unsigned' : isSigned(json) ? 'signed' : 'forged';
  const result = uploadResult.safeParse(json).data;
  return result === undefined || topic !== roomTopics(base, result.room).upload ? undefined : { kind, result };
}
