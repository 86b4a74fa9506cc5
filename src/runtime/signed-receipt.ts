import { canonicalJson } from '../domain/contract/canonical-json.js';
import type { SnapshotFacts, SnapshotReceipt } from '../domain/contract/payloads.js';
import { hmacOf, isHmacOf } from './hmac.js';
import { signUrl } from './signed-url.js';

/** Where a snapshot can be fetched from now on, and until when, in seconds since the Unix epoch. */
export type Offer = { readonly publicUrl: string; readonly secret: string; readonly expires: number };

/** Makes the receipt to publish now: adds the URL, then the signature over all other members (docs/contract.md §3.3). */
export function signReceipt(facts: SnapshotFacts, { publicUrl, secret, expires }: Offer): SnapshotReceipt {
  return signDocument({ ...facts, url: signUrl(publicUrl, `${facts.id}.jpg`, secret, expires) }, secret);
}

/** Adds the member `signature`, over all other members. */
export function signDocument<Document extends object>(
  document: Document,
  secret: string,
): Document & { readonly signature: string } {
  return { ...document, signature: hmacOf(canonicalJson(document), secret) };
}

/** Whether a document, of whatever members, is signed as a whole; checked in constant time. */
export function isSignedDocument(document: Readonly<Record<string, unknown>>, secret: string): boolean {
  const { signature, ...others } = document;
  try {
    return isHmacOf(signature, canonicalJson(others), secret);
  } catch {
    // Nested too deeply, or with numbers too large, for a document of ours.
    return false;
  }
}
