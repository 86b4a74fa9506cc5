import { hmacOf, isHmacOf } from './hmac.js';

/** The result of `verifySignedUrl`. */
export type SignatureVerdict = 'ok' | 'expired' | 'forged';

/**
 * Makes the signed address of a file below `/snapshots/`, valid until `expires` (seconds since the Unix epoch; a fraction is
 * cut off). The signature is an HMAC-SHA-256 in hex of the path and query before it, as the detector receives them: host,
 * port, and a path that a proxy removes are not part of it (docs/contract.md §4).
 */
export function signUrl(publicUrl: string, file: string, secret: string, expires: number): string {
  const unsigned = `/snapshots/${file}?expires=${Math.floor(expires)}`;
  return `${publicUrl}${unsigned}&signature=${hmacOf(unsigned, secret)}`;
}

/** Checks the signature of a URL, or of its path and query, in constant time; `expired` only if the signature is valid. */
export function verifySignedUrl(url: string, secret: string, nowSeconds: number): SignatureVerdict {
  const parts = /(\/snapshots\/[^/?#]+\?expires=(\d{1,15}))&signature=([0-9a-f]{64})$/.exec(url);
  const [, unsigned, expires, signature] = parts ?? [];
  if (unsigned === undefined || !isHmacOf(signature, unsigned, secret)) return 'forged';
  return Number(expires) < nowSeconds ? 'expired' : 'ok';
}

/** What a signed URL begins with: the detector's public URL, without a slash at the end. */
export function publicUrlOf(url: string): string {
  return url.slice(0, url.lastIndexOf('/snapshots/'));
}
